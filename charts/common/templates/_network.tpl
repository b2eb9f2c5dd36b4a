{{/*
Default-deny both ways for the pods of one component, and the edges it has. Probes come from the node
and are let through by the network plugin.
*/}}
{{- define "common.network" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .name }}-{{ .component }}
  labels: {{- include "common.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels: {{- include "common.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  {{- $in := include "common.ingressEdges" . | trim }}
  ingress: {{- if $in }}{{ $in | nindent 4 }}{{ else }} []{{ end }}
  egress:
    - to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]
      ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]
    {{- include "common.egressEdges" . | trim | nindent 4 }}
{{- end -}}

{{- define "common.ingressEdges" -}}
{{- if and (eq .component "serve") .askedBy }}
- from:
    {{- range .askedBy }}
    - podSelector: {matchLabels: {app.kubernetes.io/name: {{ . }}}, matchExpressions: [{key: app.kubernetes.io/component, operator: In, values: [serve, edge]}]}
    {{- end }}
  ports: [{port: {{ .ports.grpc }}}]
{{- else if eq .component "edge" }}
- ports: [{port: {{ .own.port }}}]
  {{- with .own.ingress.from }}
  from: {{ toJson . }}
  {{- end }}
{{- end }}
{{- if and (ne .component "migrate") (dig "monitoring" "enabled" false .global) }}
- from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: {{ dig "monitoring" "namespace" "monitoring" .global }}}}}]
  ports: [{port: {{ .ports.metrics }}}]
{{- end }}
{{- end -}}

{{- define "common.egressEdges" -}}
{{- if has .component (list "serve" "edge") }}
{{- range .asks }}
- to: [{podSelector: {matchLabels: {app.kubernetes.io/name: {{ . }}, app.kubernetes.io/component: serve}}}]
  ports: [{port: {{ $.ports.grpc }}}]
{{- end }}
{{- end }}
{{- if ne .component "edge" }}
- to: {{ include "common.place" (dict "cidrs" .own.database.cidrs "pod" (printf "%s-postgres" .name)) }}
  ports: [{port: {{ .ports.postgres }}}]
{{- end }}
{{- if has .component (list "serve" "work") }}
- to: {{ include "common.place" (dict "cidrs" (dig "cidrs" list .amqp) "pod" "rabbitmq") }}
  ports: [{port: {{ .ports.amqp }}}]
{{- end }}
{{- if and .own.internet (eq .component "serve") }}
- to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16]}}]
  ports: [{port: 443}, {port: 465}, {port: 587}]
{{- end }}
{{- with ne .component "migrate" | ternary (dig "tracing" "endpoint" "" .global) "" }}
- to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: {{ dig "tracing" "namespace" "monitoring" $.global }}}}}]
  ports: [{port: {{ regexFind "[0-9]+" (regexFind ":[0-9]+" .) | default 4318 }}}]
{{- end }}
{{- end -}}

{{/* A thing in this namespace, or in the networks it is said to be in. */}}
{{- define "common.place" -}}
{{- $to := list -}}
{{- range .cidrs -}}{{- $to = append $to (dict "ipBlock" (dict "cidr" .)) -}}{{- end -}}
{{- if not $to -}}
{{- $to = list (dict "podSelector" (dict "matchLabels" (dict "app.kubernetes.io/name" .pod))) -}}
{{- end -}}
{{- toJson $to -}}
{{- end -}}
