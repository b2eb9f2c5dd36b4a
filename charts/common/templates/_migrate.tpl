{{/*
Brings the database to the latest shape before the processes that need it are replaced. A database
outside is there before the release; a bundled one only once the release is installed, therefore the
job comes behind it the first time and tries until PostgreSQL answers. Until then services refuse.
*/}}
{{- define "common.migrate" -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .name }}-migrate
  labels: {{- include "common.labels" . | nindent 4 }}
  annotations:
    helm.sh/hook: {{ .bundled | ternary "post-install,pre-upgrade" "pre-install,pre-upgrade" }}
    helm.sh/hook-delete-policy: before-hook-creation
spec:
  backoffLimit: 8
  activeDeadlineSeconds: 600
  template:
    metadata:
      labels: {{- include "common.labels" . | nindent 8 }}
    spec:
      restartPolicy: Never
      {{- include "common.podSecurity" . | nindent 6 }}
      {{- with dig "image" "pullSecrets" list .global }}
      imagePullSecrets: {{ toJson . }}
      {{- end }}
      containers:
        - name: migrate
          image: {{ include "common.image" . | quote }}
          imagePullPolicy: {{ dig "image" "pullPolicy" "IfNotPresent" .global }}
          args: [{{ printf "services.%s" .name }}, migrate]
          {{- include "common.containerSecurity" . | nindent 10 }}
          env:
            - {name: LOG_FORMAT, value: json}
            - name: {{ .prefix }}_OWNER_DATABASE_URL
              valueFrom: {secretKeyRef: {name: {{ .databaseSecret }}, key: owner-url}}
          resources: {{- toYaml .own.migrate.resources | nindent 12 }}
          volumeMounts:
            - {name: tmp, mountPath: /tmp}
      volumes:
        - {name: tmp, emptyDir: {sizeLimit: 64Mi}}
{{- end -}}
