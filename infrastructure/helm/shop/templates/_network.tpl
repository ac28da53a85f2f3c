{{/* The ports of a row of the table, as a NetworkPolicy lists them. */}}
{{- define "shop.ports" -}}
[{{ range $number := .ports }}{ protocol: TCP, port: {{ $number }} },{{ end }}]
{{- end }}

{{/* The rules of egress that reach a part's own database, and the broker. What is outside is known by its port only. */}}
{{- define "shop.toDatabase" -}}
{{- if .root.Values.mongodb.operator.enabled -}}
- to:
    - podSelector:
        matchLabels: { app: {{ .part.database }}-svc }
  ports: [{ protocol: TCP, port: 27017 }]
{{- else -}}
- ports: [{ protocol: TCP, port: {{ .root.Values.mongodb.external.port }} }]
{{- end }}
{{- end }}

{{- define "shop.toKafka" -}}
{{- if .Values.kafka.strimzi.enabled -}}
- to:
    - podSelector:
        matchLabels: { strimzi.io/cluster: shop, strimzi.io/kind: Kafka }
  ports: [{ protocol: TCP, port: 9093 }]
{{- else -}}
{{- range splitList "," .Values.kafka.external.bootstrapServers }}
- ports: [{ protocol: TCP, port: {{ splitList ":" . | last }} }]
{{- end }}
{{- end }}
{{- end }}

{{/* An operator's pods speak to each other and to the Kubernetes API, whose address no selector can name. */}}
{{- define "shop.dataEgress" -}}
- to:
    - podSelector:
        matchLabels:
          {{- toYaml . | nindent 10 }}
- ports:
    - { protocol: TCP, port: 443 }
    - { protocol: TCP, port: 6443 }
{{- end }}
