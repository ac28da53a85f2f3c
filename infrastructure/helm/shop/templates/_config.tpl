{{/* The settings of one part that are no secret. */}}
{{- define "shop.config" -}}
{{- $kafka := .root.Values.kafka -}}
{{- if eq .name "web-shop" -}}
SHOP_LISTEN: "8080"
SHOP_RESOLVER: 127.0.0.1 # it is never asked: SHOP_GATEWAY is an address
{{- if eq .root.Values.entry.type "loadBalancer" }}
SHOP_ENTRY: tls
SHOP_LISTEN_TLS: "8443"
SHOP_HOST: {{ .root.Values.entry.host }}
SHOP_HTTPS_PORT: "443"
SHOP_CERTIFICATE: /run/secrets/tls.crt
SHOP_CERTIFICATE_KEY: /run/secrets/tls.key
SHOP_TRUSTED_PROXIES: ""
{{- else }}
SHOP_ENTRY: plain
SHOP_TRUSTED_PROXIES: {{ range append (.root.Values.entry.gateway.proxies | default list) .root.Values.entry.gateway.appended | compact }}set_real_ip_from {{ . }}; {{ end }}
{{- end }}
{{- else -}}
ENVIRONMENT: production
DRAIN_SECONDS: "6" # above the 5 s for which a connection that nobody uses is kept
AUTHENTICATION_SERVICE_URL: http://authentication-ms:8000
{{- end }}
{{- if eq .name "gateway-ms" }}
PRODUCTS_SERVICE_URL: http://products-ms:8000
ORDERS_SERVICE_URL: http://orders-ms:8000
FORWARDED_ALLOW_IPS: "*" # its NetworkPolicy lets nginx in only, which replaces what a client says of itself
{{- end }}
{{- if eq .name "authentication-ms" }}
JWT_PRIVATE_KEY_FILE: /run/secrets/jwt_private_key
JWT_SECOND_PUBLIC_KEY_FILE: /run/secrets/jwt_second_public_key
{{- end }}
{{- if .part.kafka }}
KAFKA_BOOTSTRAP_SERVERS: {{ include "shop.bootstrapServers" .root }}
KAFKA_TOPIC: {{ $kafka.topics.prefix }}
KAFKA_PARTITIONS: {{ $kafka.topics.partitions | quote }}
KAFKA_REPLICATION_FACTOR: {{ $kafka.topics.replication | quote }}
KAFKA_MIN_INSYNC_REPLICAS: {{ $kafka.topics.minInsync | quote }}
{{- if $kafka.strimzi.enabled }}
KAFKA_SECURITY_PROTOCOL: SASL_SSL
KAFKA_SASL_MECHANISM: SCRAM-SHA-512
KAFKA_SASL_USERNAME: {{ .name }}
KAFKA_SSL_CAFILE: /run/secrets/kafka_ca.crt
{{- else }}
KAFKA_SECURITY_PROTOCOL: {{ $kafka.external.securityProtocol }}
KAFKA_SASL_MECHANISM: {{ $kafka.external.saslMechanism }}
{{- if $kafka.external.caSecret }}
KAFKA_SSL_CAFILE: /run/secrets/kafka_ca.crt
{{- end }}
{{- end }}
{{- end }}
{{- range $key, $value := (index .root.Values.services .name).env }}
{{ $key }}: {{ $value | quote }}
{{- end }}
{{- end }}

{{/* The Secrets of one part, as the files that it reads in /run/secrets. */}}
{{- define "shop.secretFiles" -}}
{{- $kafka := .root.Values.kafka -}}
{{- if eq .name "authentication-ms" }}
- secret: { name: {{ .root.Values.jwtKeySecret }} }
{{- end }}
{{- if and (eq .name "web-shop") (eq .root.Values.entry.type "loadBalancer") }}
- secret: { name: {{ .root.Values.entry.loadBalancer.tlsSecret }} }
{{- end }}
{{- if .part.database }}
- {{ include "shop.databaseProjection" . | nindent 2 | trim }}
{{- end }}
{{- if .part.kafka }}
{{- if $kafka.strimzi.enabled }}
- secret:
    name: {{ .name }}
    items: [{ key: password, path: kafka_sasl_password }]
- secret:
    name: shop-cluster-ca-cert
    items: [{ key: ca.crt, path: kafka_ca.crt }]
{{- else }}
{{- with (index $kafka.external .name).secret }}
- secret: { name: {{ . }} }
{{- end }}
{{- with $kafka.external.caSecret }}
- secret:
    name: {{ . }}
    items: [{ key: ca.crt, path: kafka_ca.crt }]
{{- end }}
{{- end }}
{{- end }}
{{- end }}
