{{/* Where others find it: services by gRPC, edges by HTTP. */}}
{{- define "common.address" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}
  labels: {{- include "common.labels" . | nindent 4 }}
spec:
  type: {{ .own.service.type }}
  selector: {{- include "common.selector" . | nindent 4 }}
  ports:
    {{- if eq .component "edge" }}
    - name: http
      port: {{ .own.port }}
      targetPort: http
      {{- with .own.service.nodePort }}
      nodePort: {{ . }}
      {{- end }}
    {{- else }}
    - {name: grpc, port: {{ .ports.grpc }}, targetPort: grpc, appProtocol: kubernetes.io/h2c}
    {{- end }}
{{- end -}}

{{/* For Prometheus' operator; only where it is, because it brings the kind. */}}
{{- define "common.monitor" -}}
{{- $all := omit . "component" -}}
{{- if dig "monitoring" "enabled" false .global -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}-metrics
  labels: {{- include "common.labels" $all | nindent 4 }}
    millrun/metrics: "true"
spec:
  clusterIP: None
  publishNotReadyAddresses: true
  selector: {{- include "common.selector" $all | nindent 4 }}
  ports:
    - {name: metrics, port: {{ .ports.metrics }}, targetPort: metrics}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: {{ .name }}
  labels: {{- include "common.labels" $all | nindent 4 }}
spec:
  selector:
    matchLabels: {{- include "common.selector" $all | nindent 6 }}
      millrun/metrics: "true"
  endpoints:
    - {port: metrics, path: /metrics, interval: 15s}
{{- end -}}
{{- end -}}
