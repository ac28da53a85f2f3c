{{/* Helpers are called with a dict: `root` is the chart's top scope, `name` the part's name, `part` its row in the table. */}}

{{- define "shop.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{- define "shop.labels" -}}
{{ include "shop.selector" . }}
app.kubernetes.io/part-of: shop
app.kubernetes.io/version: {{ .root.Values.image.tag | default .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{- define "shop.image" -}}
{{- $digest := (index .root.Values.images .name).digest -}}
{{- $tag := .root.Values.image.tag | default .root.Chart.AppVersion -}}
{{ .root.Values.image.registry }}/{{ .name }}{{ if $digest }}@{{ $digest }}{{ else }}:{{ $tag }}{{ end }}
{{- end }}

{{/* What the "restricted" Pod Security Standard asks of a pod and of its containers. */}}
{{- define "shop.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "shop.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{- define "shop.bootstrapServers" -}}
{{- if .Values.kafka.strimzi.enabled -}}
shop-kafka-bootstrap:9093
{{- else -}}
{{ .Values.kafka.external.bootstrapServers }}
{{- end }}
{{- end }}

{{/* The Secret with a database's connection string, and its key in it. */}}
{{- define "shop.databaseSecret" -}}
{{- if .root.Values.mongodb.operator.enabled -}}
name: {{ .part.database }}-connection{{ .root.Values.mongodb.operator.secondUser | ternary "-2" "" }}
key: connectionString.standard
{{- else -}}
name: {{ (index .root.Values.mongodb.external .name).secret }}
key: mongodb_uri
{{- end }}
{{- end }}

{{/* The projection of a database's connection string to the file from which the services read it. */}}
{{- define "shop.databaseProjection" -}}
{{- $secret := include "shop.databaseSecret" . | fromYaml -}}
secret:
  name: {{ $secret.name }}
  items: [{ key: {{ $secret.key }}, path: mongodb_uri }]
{{- end }}

{{/* As JSON, for the templates of Strimzi's pods. Kafka writes beside its data, so its root is not read-only. */}}
{{- define "shop.operatorContainerSecurity" -}}
{ allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: { drop: [ALL] } }
{{- end }}

{{/* The Secrets that have to be there before the shop is installed; operators make the others. */}}
{{- define "shop.ownSecrets" -}}
- {{ .Values.jwtKeySecret }}
{{- if eq .Values.entry.type "loadBalancer" }}
- {{ .Values.entry.loadBalancer.tlsSecret }}
{{- end }}
{{- range $name, $part := include "shop.parts" . | fromYaml }}
{{- if and $part.database $.Values.mongodb.operator.enabled }}
- {{ $part.database }}-password
- {{ $part.database }}-password-2
{{- else if $part.database }}
- {{ (index $.Values.mongodb.external $name).secret }}
{{- end }}
{{- if and $part.kafka (not $.Values.kafka.strimzi.enabled) }}
{{- with (index $.Values.kafka.external $name).secret }}
- {{ . }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
