{{/* Metadata of a hub's pods: (dict "root" $ "d" deployment) */}}
{{- define "qanat.podMetadata" -}}
{{- $v := .root.Values -}}
labels:
  {{- include "qanat.hubSelector" (dict "root" .root "name" .d.name) | nindent 2 }}
  qanat.io/hub: "true"
  {{- if has .d.name (include "qanat.fronts" .root | fromJsonArray) }}
  qanat.io/front: "true"
  {{- end }}
  {{- with $v.commonLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
  {{- with .d.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
annotations:
  checksum/config: {{ include "qanat.config" .root | sha256sum }}
  {{- if and (eq $v.overlay.reload "rollout") (or $v.overlay.routes $v.overlay.kamelets) }}
  checksum/overlay: {{ include "qanat.overlayFiles" .root | sha256sum }}
  {{- end }}
  {{- with .d.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{- define "qanat.ports" -}}
{{- if or .accept .query }}
- name: http
  containerPort: 8080
{{- end }}
- name: management
  containerPort: 8081
{{- if .grpc }}
- name: grpc
  containerPort: 9090
{{- end }}
{{- end }}

{{/* Where a hub's pods run: (dict "root" $ "d" deployment) */}}
{{- define "qanat.scheduling" -}}
{{- with .d.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .d.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .d.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .d.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .d.topologySpread }}
{{- if .enabled }}
topologySpreadConstraints:
  {{- range .topologyKeys }}
  - topologyKey: {{ . }}
    maxSkew: 1
    whenUnsatisfiable: {{ $.d.topologySpread.whenUnsatisfiable }}
    matchLabelKeys: [pod-template-hash]
    labelSelector:
      matchLabels:
        {{- include "qanat.hubSelector" (dict "root" $.root "name" $.d.name) | nindent 8 }}
  {{- end }}
{{- end }}
{{- end }}
{{- end }}
