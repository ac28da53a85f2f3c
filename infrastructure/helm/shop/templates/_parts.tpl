{{/*
What the chart knows of each part, and an operator can't change: its ports, its database, whether it speaks to the
broker, whom it calls, and for how many seconds it goes on serving when it has to end, so that everybody learns that it
is no address any more. A cloud's load balancer, in front of web-shop, learns it slowly. Deployments, Services and
NetworkPolicies are all made from this table.
*/}}
{{- define "shop.parts" -}}
gateway-ms:
  ports: { http: 8000 }
  leave: 5
  calls: [authentication-ms, products-ms, orders-ms]
authentication-ms:
  ports: { http: 8000 }
  leave: 5
  database: authentication-db
products-ms:
  ports: { http: 8000 }
  leave: 5
  database: products-db
  kafka: true
  calls: [authentication-ms]
orders-ms:
  ports: { http: 8000 }
  leave: 5
  database: orders-db
  kafka: true
  calls: [authentication-ms]
web-shop:
  ports: { http: 8080{{ if eq .Values.entry.type "loadBalancer" }}, https: 8443{{ end }} }
  leave: 15
  calls: [gateway-ms]
{{- end }}

{{/* The topics: who writes each and who reads it. A compacted one keeps the last message of each key. */}}
{{- define "shop.topics" -}}
OrderCreate: { writer: orders-ms, reader: products-ms, compacted: false }
OrderStatusUpdate: { writer: products-ms, reader: orders-ms, compacted: false }
ProductCreate: { writer: products-ms, reader: orders-ms, compacted: true }
ProductsQuantityUpdate: { writer: products-ms, reader: orders-ms, compacted: true }
{{- end }}
