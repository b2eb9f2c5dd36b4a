{{/*
What every template here is given, as `me`: who it is for, its values over the defaults, and the
globals. A define cannot return a map, therefore it fills the one it gets: (dict "root" .)
*/}}
{{- define "common.me" -}}
{{- $root := .root -}}
{{- $own := mergeOverwrite (deepCopy $root.Values.common.defaults) (omit $root.Values "common" "global" "postgres") -}}
{{- $_ := set . "own" $own -}}
{{- $_ := set . "name" $root.Chart.Name -}}
{{- $_ := set . "prefix" (upper $root.Chart.Name) -}}
{{- $_ := set . "global" ($root.Values.global | default dict) -}}
{{- $_ := set . "ports" $root.Values.common.ports -}}
{{- $_ := set . "asks" (dig $root.Chart.Name list $root.Values.common.edges) -}}
{{- $callers := list -}}
{{- range $caller, $asked := $root.Values.common.edges -}}
{{- if has $root.Chart.Name $asked -}}{{- $callers = append $callers $caller -}}{{- end -}}
{{- end -}}
{{- $_ := set . "askedBy" $callers -}}
{{- $_ := set . "bundled" (dig "enabled" false ($root.Values.postgres | default dict)) -}}
{{- $_ := set . "databaseSecret" ($own.database.secret | default (printf "%s-postgres" $root.Chart.Name)) -}}
{{- $_ := set . "amqp" (dig "amqp" dict ($root.Values.global | default dict)) -}}
{{- end -}}

{{- define "common.labels" -}}
{{ include "common.selector" . }}
app.kubernetes.io/part-of: millrun
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{/* What never changes: `component` is serve, work, migrate or edge, or missing for all of them. */}}
{{- define "common.selector" -}}
app.kubernetes.io/name: {{ .name }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end -}}

{{- define "common.image" -}}
{{- $image := dig "image" dict .global -}}
{{- $repository := dig "repository" "millrun" $image -}}
{{- if not $repository -}}
{{- fail (printf "%s has no image: set global.image.repository, as millrun or registry/millrun." .name) -}}
{{- end -}}
{{- printf "%s:%s" $repository (dig "tag" "" $image | default .root.Chart.AppVersion) -}}
{{- end -}}
