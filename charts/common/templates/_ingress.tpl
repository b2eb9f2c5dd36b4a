{{- define "common.ingress" -}}
{{- $host := regexReplaceAll "^https?://([^:/]+).*$" (get .global .own.publicUrl) "${1}" -}}
{{- if .own.ingress.enabled -}}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ .name }}
  labels: {{- include "common.labels" . | nindent 4 }}
  {{- with .own.ingress.annotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- with .own.ingress.className }}
  ingressClassName: {{ . }}
  {{- end }}
  {{- with .own.ingress.tlsSecret }}
  tls: [{hosts: [{{ $host }}], secretName: {{ . }}}]
  {{- end }}
  rules:
    - host: {{ $host }}
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: {{ .name }}, port: {name: http}}}
{{- end -}}
{{- end -}}
