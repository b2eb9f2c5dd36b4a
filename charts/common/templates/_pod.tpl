{{/* The restricted profile: no root, nothing to write on but /tmp, no way to the cluster's API. */}}
{{- define "common.podSecurity" -}}
automountServiceAccountToken: false
# Otherwise every service of the namespace adds variables like CATALOG_PORT, named as our settings.
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .user | default 10001 }}
  runAsGroup: {{ .user | default 10001 }}
  fsGroup: {{ .user | default 10001 }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "common.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end -}}

{{/* One process: `me` with `component`. */}}
{{- define "common.pod" -}}
{{- $own := get .own .component -}}
{{ include "common.podSecurity" . }}
terminationGracePeriodSeconds: 30
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector: {matchLabels: {{ include "common.selector" . | fromYaml | toJson }}}
{{- with dig "image" "pullSecrets" list .global }}
imagePullSecrets: {{ toJson . }}
{{- end }}
containers:
  - name: {{ .component }}
    image: {{ include "common.image" . | quote }}
    imagePullPolicy: {{ dig "image" "pullPolicy" "IfNotPresent" .global }}
    args: [{{ printf "services.%s" .name }}, {{ eq .component "edge" | ternary "serve" .component }}]
    {{- include "common.containerSecurity" . | nindent 4 }}
    env: {{- include "common.env" . | nindent 6 }}
    ports: {{- include "common.containerPorts" . | trim | nindent 6 }}
    {{- include "common.probes" . | nindent 4 }}
    resources: {{- toYaml $own.resources | nindent 6 }}
    volumeMounts:
      - {name: tmp, mountPath: /tmp}
      {{- if ne .component "work" }}
      - {name: keys, mountPath: /keys, readOnly: true}
      {{- end }}
      {{- if include "common.seals" . }}
      - {name: seal, mountPath: /seal, readOnly: true}
      {{- end }}
      {{- if include "common.signsPassports" . }}
      - {name: passports, mountPath: /passports, readOnly: true}
      {{- end }}
      {{- if include "common.sealsLicenses" . }}
      - {name: licenses, mountPath: /licenses, readOnly: true}
      {{- end }}
volumes:
  - {name: tmp, emptyDir: {sizeLimit: 256Mi}}
  {{- if ne .component "work" }}
  - name: keys
    secret:
      secretName: {{ dig "keys" "secret" "millrun-keys" .global }}
      defaultMode: 0440
      # The private keys are for authorization alone: everybody else only verifies.
      items:
        - {key: jwks.json, path: jwks.json}
        {{- if eq .name "authorization" }}
        - {key: signing.jwk, path: signing.jwk}
        - {key: encryption.jwk, path: encryption.jwk}
        {{- end }}
  {{- end }}
  {{- if include "common.seals" . }}
  - name: seal
    secret:
      secretName: {{ dig "seal" "secret" "millrun-seal" .global }}
      defaultMode: 0440
  {{- end }}
  {{- if include "common.signsPassports" . }}
  - name: passports
    secret:
      secretName: {{ dig "passports" "secret" "millrun-passports" .global }}
      defaultMode: 0440
  {{- end }}
  {{- if include "common.sealsLicenses" . }}
  - name: licenses
    secret:
      secretName: {{ dig "licenses" "secret" "millrun-licenses" .global }}
      defaultMode: 0440
  {{- end }}
{{- end -}}

{{/* Whether the process seals documents: nobody else has the key. */}}
{{- define "common.seals" -}}
{{- if and (eq .name "contract") (eq .component "serve") }}yes{{ end }}
{{- end -}}

{{/* Whether the process signs order passports: nobody else has the key. */}}
{{- define "common.signsPassports" -}}
{{- if and (eq .name "ordering") (eq .component "serve") }}yes{{ end }}
{{- end -}}

{{/* Whether the process seals licence codes: nobody else has the key. */}}
{{- define "common.sealsLicenses" -}}
{{- if and (eq .name "fulfillment") (eq .component "serve") }}yes{{ end }}
{{- end -}}

{{- define "common.containerPorts" -}}
{{- if eq .component "serve" }}
- {name: grpc, containerPort: {{ .ports.grpc }}}
{{- else if eq .component "edge" }}
- {name: http, containerPort: {{ .own.port }}}
{{- end }}
- {name: metrics, containerPort: {{ .ports.metrics }}}
{{- end -}}

{{/*
Ready is who can work now: serve says it by gRPC, work with what it waits for, an edge asks nobody. Alive is
who need not be started again: who sheds load, or waits for a database or a broker that is away or
stands still, must not be killed for it. A process takes a second to find out (shared.health).
*/}}
{{- define "common.probes" -}}
{{- $edge := eq .component "edge" -}}
{{- $alive := dict "httpGet" (dict "path" ($edge | ternary "/healthz" "/livez") "port" ($edge | ternary "http" "metrics")) -}}
{{- $ready := dict "httpGet" (dict "path" "/healthz" "port" ($edge | ternary "http" "metrics")) -}}
{{- if eq .component "serve" -}}
{{- $ready = dict "grpc" (dict "port" (int .ports.grpc)) -}}
{{- end -}}
startupProbe: {{ merge (dict "periodSeconds" 1 "failureThreshold" 60 "timeoutSeconds" 2) $alive | toJson }}
readinessProbe: {{ merge (dict "periodSeconds" 5 "failureThreshold" 2 "timeoutSeconds" 3) $ready | toJson }}
livenessProbe: {{ merge (dict "periodSeconds" 10 "failureThreshold" 6 "timeoutSeconds" 5) $alive | toJson }}
{{- if ne .component "work" }}
# Until every node has heard that this pod goes, calls still arrive.
lifecycle: {preStop: {exec: {command: [sleep, "5"]}}}
{{- end }}
{{- end -}}
