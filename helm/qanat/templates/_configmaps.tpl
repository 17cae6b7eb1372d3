{{/* (dict "root" $ "prefix" of their names "annotations" map): the ConfigMaps that a hub or a task mounts */}}
{{- define "qanat.configMaps" -}}
{{- $v := .root.Values -}}
{{- $args := dict "root" .root "annotations" .annotations -}}
---
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "qanat.metadata" (merge (dict "name" (print .prefix "config")) $args) | nindent 2 }}
data:
  application.yaml: |
    {{- include "qanat.config" .root | nindent 4 }}
{{- with $v.flags.file }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "qanat.metadata" (merge (dict "name" (print $.prefix "flags")) $args) | nindent 2 }}
data:
  flags.yaml: |
    {{- toYaml . | nindent 4 }}
{{- end }}
{{- if or $v.overlay.routes $v.overlay.kamelets }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "qanat.metadata" (merge (dict "name" (print .prefix "overlay")) $args) | nindent 2 }}
data:
  {{- include "qanat.overlayFiles" .root | nindent 2 }}
{{- end }}
{{- end }}
