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

{{- define "qanat.mounts" -}}
- name: tmp
  mountPath: /tmp
- name: config
  mountPath: /etc/qanat/config
  readOnly: true
{{- with .Values.operators.existingSecret }}
- name: operators
  mountPath: /etc/qanat/operators
  readOnly: true
{{- end }}
{{- with .Values.kafka.tls.existingSecret }}
- name: kafka-ca
  mountPath: /etc/qanat/kafka/ca
  readOnly: true
{{- end }}
{{- with .Values.kafka.clientCertificate.existingSecret }}
- name: kafka-client
  mountPath: /etc/qanat/kafka/client
  readOnly: true
{{- end }}
{{- with .Values.flags.file }}
- name: flags
  mountPath: /etc/qanat/flags
  readOnly: true
{{- end }}
{{- range $i, $name := include "qanat.overlays" . | fromJsonArray }}
- name: overlay-{{ $i }}
  mountPath: /overlay/{{ $name }}
  readOnly: true
{{- end }}
{{- end }}

{{/* (dict "root" $ "prefix" what the names of the chart's own ConfigMaps begin with) */}}
{{- define "qanat.volumes" -}}
{{- $v := .root.Values -}}
{{- $own := include "qanat.overlayName" .root -}}
- name: tmp
  emptyDir:
    sizeLimit: {{ $v.tmp.sizeLimit }}
- name: config
  configMap:
    name: {{ .prefix }}-config
{{- with $v.operators }}
{{- if .existingSecret }}
- name: operators
  secret:
    secretName: {{ .existingSecret }}
    items:
      - {key: {{ .key }}, path: operators.yaml}
{{- end }}
{{- end }}
{{- with $v.kafka.tls }}
{{- if .existingSecret }}
- name: kafka-ca
  secret:
    secretName: {{ .existingSecret }}
    items:
      - {key: {{ .caKey }}, path: ca.crt}
{{- end }}
{{- end }}
{{- with $v.kafka.clientCertificate }}
{{- if .existingSecret }}
- name: kafka-client
  secret:
    secretName: {{ .existingSecret }}
    items:
      - {key: {{ .keystoreKey }}, path: client.p12}
{{- end }}
{{- end }}
{{- if $v.flags.file }}
- name: flags
  configMap:
    name: {{ .prefix }}-flags
{{- end }}
{{- range $i, $name := include "qanat.overlays" .root | fromJsonArray }}
- name: overlay-{{ $i }}
  configMap:
    name: {{ ternary (printf "%s-overlay" $.prefix) $name (eq $name $own) }}
{{- end }}
{{- end }}
