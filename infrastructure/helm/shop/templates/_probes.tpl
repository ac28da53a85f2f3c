{{/*
The start may take a minute before the pod is started again. A pod that is not ready gets no requests; one that does not
live is started again. A database that is away makes a service not ready, and a broker that is away not even that.
*/}}
{{- define "shop.probes" -}}
{{- $web := eq .name "web-shop" -}}
{{- $ready := ternary "/index.html" "/health" $web -}}
{{- $alive := ternary "/index.html" "/health/live" $web -}}
{{- $port := ternary "https" "http" (hasKey .part.ports "https") -}}
startupProbe:
  httpGet: { path: {{ $alive }}, port: {{ $port }}, scheme: {{ upper $port }} }
  periodSeconds: 1
  timeoutSeconds: 3
  failureThreshold: 60
readinessProbe:
  httpGet: { path: {{ $ready }}, port: {{ $port }}, scheme: {{ upper $port }} }
  periodSeconds: 3
  timeoutSeconds: 3
  failureThreshold: 3
livenessProbe:
  httpGet: { path: {{ $alive }}, port: {{ $port }}, scheme: {{ upper $port }} }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
{{- end }}
