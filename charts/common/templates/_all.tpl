{{/* All a service has on a cluster: `{{ include "common.service" . }}` is its only template. */}}
{{- define "common.service" -}}
{{- $all := dict "root" . -}}
{{- include "common.me" $all -}}
{{- include "common.insistService" $all -}}
{{- $components := dict -}}
{{- range list "serve" "work" "migrate" -}}
{{- $me := dict "root" $ "component" . -}}
{{- include "common.me" $me -}}
{{- $_ := set $components . $me -}}
{{- end -}}
{{ include "common.deployment" $components.serve }}
---
{{ include "common.deployment" $components.work }}
---
{{ include "common.address" $components.serve }}
---
{{ include "common.migrate" $components.migrate }}
{{- range $components }}
---
{{ include "common.network" . }}
{{- end }}
---
{{ include "common.monitor" $all }}
{{- end -}}

{{/* All an edge has: it keeps nothing, so it is only a process with an address. */}}
{{- define "common.edge" -}}
{{- $me := dict "root" . "component" "edge" -}}
{{- include "common.me" $me -}}
{{- include "common.insistEdge" $me -}}
{{ include "common.deployment" $me }}
---
{{ include "common.address" $me }}
---
{{ include "common.network" $me }}
---
{{ include "common.ingress" $me }}
---
{{ include "common.monitor" $me }}
{{- end -}}
