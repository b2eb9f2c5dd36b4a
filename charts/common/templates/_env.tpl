{{/* The environment of a process: each name is a setting of it, and nothing else reads it. */}}
{{- define "common.env" -}}
{{- include "common.envOfAll" . }}
{{- if ne .component "edge" }}
{{- include "common.envOfService" . }}
{{- else }}
{{- include "common.envOfEdge" . }}
{{- end }}
{{- range $name, $value := .own.settings }}
{{- if kindIs "map" $value }}
- name: {{ $.prefix }}_{{ upper $name }}
  valueFrom: {secretKeyRef: {name: {{ $value.secret }}, key: {{ $value.key }}}}
{{- else }}
- {name: {{ $.prefix }}_{{ upper $name }}, value: {{ toString $value | quote }}}
{{- end }}
{{- end }}
{{- end -}}

{{- define "common.envOfAll" -}}
- {name: LOG_FORMAT, value: json}
- {name: LOG_LEVEL, value: {{ dig "logLevel" "info" .global | quote }}}
{{- with dig "tracing" "endpoint" "" .global }}
- {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }}}
{{- end }}
- {name: {{ .prefix }}_METRICS_ADDRESS, value: "0.0.0.0:{{ .ports.metrics }}"}
{{- if ne .component "work" }}
- {name: MILLRUN_KEYS, value: /keys}
{{- range .asks }}
- {name: {{ upper . }}_ADDRESS, value: "{{ . }}:{{ $.ports.grpc }}"}
{{- end }}
{{- end }}
{{- end -}}

{{- define "common.envOfService" }}
{{- if eq .component "serve" }}
- {name: {{ .prefix }}_GRPC_ADDRESS, value: "0.0.0.0:{{ .ports.grpc }}"}
{{- end }}
- name: {{ .prefix }}_DATABASE_URL
  valueFrom: {secretKeyRef: {name: {{ .databaseSecret }}, key: app-url}}
- name: AMQP_URL
  valueFrom: {secretKeyRef: {name: {{ dig "secret" "" .amqp | default "rabbitmq" }}, key: url}}
{{- if .own.vendor }}
{{- range $name, $value := dig "vendor" dict .global }}
- {name: VENDOR_{{ upper $name }}, value: {{ toString $value | quote }}}
{{- end }}
{{- end }}
{{- end -}}

{{- define "common.envOfEdge" }}
- {name: {{ .prefix }}_ADDRESS, value: "0.0.0.0:{{ .own.port }}"}
- {name: {{ .prefix }}_PUBLIC_URL, value: {{ get .global .own.publicUrl | quote }}}
{{- with dig "trustedProxies" "10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fd00::/8" .global }}
- {name: {{ $.prefix }}_TRUSTED_PROXIES, value: {{ . | quote }}}
{{- end }}
{{- with dig "vendor" "hotline" "" .global }}
- {name: {{ $.prefix }}_HOTLINE, value: {{ . | quote }}}
{{- end }}
{{- if .own.linksToPortal }}
- {name: {{ .prefix }}_PORTAL_URL, value: {{ .global.portalUrl | quote }}}
{{- end }}
{{- end -}}
