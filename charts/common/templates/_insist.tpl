{{/* Sentences for what is missing, before anything half-configured reaches a cluster. */}}
{{- define "common.insistService" -}}
{{- if and (not .bundled) (not .own.database.secret) -}}
{{- fail (printf "%s has no database: set postgres.enabled=true, or database.secret to the name of a secret with app-url and owner-url." .name) -}}
{{- end -}}
{{- if and (not .bundled) (not .own.database.cidrs) -}}
{{- fail (printf "%s may not reach its database: set database.cidrs to the networks it is in, as [10.1.0.0/16]." .name) -}}
{{- end -}}
{{- if and .amqp.secret (not .amqp.cidrs) -}}
{{- fail (printf "%s may not reach the broker that global.amqp.secret names: set global.amqp.cidrs to the networks it is in." .name) -}}
{{- end -}}
{{- end -}}

{{- define "common.insistEdge" -}}
{{- $url := get .global .own.publicUrl -}}
{{- if not $url -}}
{{- fail (printf "The %s does not know how people reach it: set global.%s, as https://orders.example.com." .name .own.publicUrl) -}}
{{- end -}}
{{- if not (regexMatch "^https?://[^/]+/?$" $url) -}}
{{- fail (printf "global.%s is %q, but has to be scheme and host, as https://orders.example.com." .own.publicUrl $url) -}}
{{- end -}}
{{- if and .own.linksToPortal (not .global.portalUrl) -}}
{{- fail (printf "The %s does not know where the portal is: set global.portalUrl, as https://orders.example.com." .name) -}}
{{- end -}}
{{- end -}}
