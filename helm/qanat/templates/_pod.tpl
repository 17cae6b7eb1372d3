{{/* Seconds from the request to end to the kill; fails where values disagree */}}
{{- define "qanat.gracePeriod" -}}
{{- with .Values.shutdown -}}
{{- $sum := add .preStopSeconds .requestsSeconds .routesSeconds .marginSeconds -}}
{{- if and .gracePeriodSeconds (lt (int .gracePeriodSeconds) (int $sum)) -}}
{{- fail (printf "shutdown.gracePeriodSeconds is %d, but the hub may take %d: preStopSeconds + requestsSeconds + routesSeconds + marginSeconds" (int .gracePeriodSeconds) (int $sum)) -}}
{{- end -}}
{{ .gracePeriodSeconds | default $sum }}
{{- end -}}
{{- end }}

{{- define "qanat.probe" -}}
httpGet:
  path: /actuator/health/{{ .group }}
  port: management
{{ toYaml .timing }}
{{- end }}

{{/* What hubs and tasks have in common in a pod's spec */}}
{{- define "qanat.podBase" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  {{- toYaml .Values.podSecurityContext | nindent 2 }}
{{- end }}

{{/* (dict "root" $ "name" container "env" rendered): what hubs and tasks have in common in a container */}}
{{- define "qanat.containerBase" -}}
name: {{ .name }}
image: {{ include "qanat.image" .root }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  {{- toYaml .root.Values.containerSecurityContext | nindent 2 }}
{{- end }}

{{/* Secrets that are mounted for these servers: (dict "root" $ "of" names), as a JSON array of {name, path, secret, key, file, at} */}}
{{- define "qanat.secretFiles" -}}
{{- $v := .root.Values -}}
{{- $files := list -}}
{{- if and (has "operators" .of) $v.operators.existingSecret -}}
  {{- $files = append $files (dict "at" "operators" "name" "operators" "path" "/etc/qanat/operators" "secret" $v.operators.existingSecret "key" $v.operators.key "file" "operators.yaml") -}}
{{- end -}}
{{- if has "kafka" .of -}}
  {{- with $v.kafka.tls }}{{ if .existingSecret -}}
    {{- $files = append $files (dict "at" "kafka.tls" "name" "kafka-ca" "path" "/etc/qanat/kafka/ca" "secret" .existingSecret "key" .caKey "file" "ca.crt") -}}
  {{- end }}{{ end -}}
  {{- with $v.kafka.clientCertificate }}{{ if .existingSecret -}}
    {{- $files = append $files (dict "at" "kafka.clientCertificate" "name" "kafka-client" "path" "/etc/qanat/kafka/client" "secret" .existingSecret "key" .keystoreKey "file" "client.p12") -}}
  {{- end }}{{ end -}}
{{- end -}}
{{ toJson $files }}
{{- end }}

{{/* (dict "root" $ "of" names of servers) */}}
{{- define "qanat.mounts" -}}
- name: tmp
  mountPath: /tmp
- name: config
  mountPath: /etc/qanat/config
  readOnly: true
{{- range include "qanat.secretFiles" . | fromJsonArray }}
- name: {{ .name }}
  mountPath: {{ .path }}
  readOnly: true
{{- end }}
{{- with .root.Values.flags.file }}
- name: flags
  mountPath: /etc/qanat/flags
  readOnly: true
{{- end }}
{{- range $i, $name := include "qanat.overlays" .root | fromJsonArray }}
- name: overlay-{{ $i }}
  mountPath: /overlay/{{ $name }}
  readOnly: true
{{- end }}
{{- end }}

{{/* (dict "root" $ "of" names of servers "prefix" what the names of the chart's own ConfigMaps begin with) */}}
{{- define "qanat.volumes" -}}
{{- $own := include "qanat.overlayName" .root -}}
- name: tmp
  emptyDir:
    sizeLimit: {{ .root.Values.tmp.sizeLimit }}
- name: config
  configMap:
    name: {{ .prefix }}-config
{{- range include "qanat.secretFiles" . | fromJsonArray }}
- name: {{ .name }}
  secret:
    secretName: {{ .secret }}
    items:
      - key: {{ .key }}
        path: {{ .file }}
{{- end }}
{{- with .root.Values.flags.file }}
- name: flags
  configMap:
    name: {{ $.prefix }}-flags
{{- end }}
{{- range $i, $name := include "qanat.overlays" .root | fromJsonArray }}
- name: overlay-{{ $i }}
  configMap:
    name: {{ ternary (printf "%s-overlay" $.prefix) $name (eq $name $own) }}
{{- end }}
{{- end }}
