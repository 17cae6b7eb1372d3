{{- define "qanat.overlayName" -}}
{{ include "qanat.fullname" . }}-overlay
{{- end }}

{{/* Names of the ConfigMaps of the overlay, as a JSON array; the values' own is last, because the last one counts */}}
{{- define "qanat.overlays" -}}
{{- $overlay := .Values.overlay -}}
{{- $names := $overlay.configMaps -}}
{{- if or $overlay.routes $overlay.kamelets }}{{ $names = append $names (include "qanat.overlayName" .) }}{{ end -}}
{{ toJson $names }}
{{- end }}

{{- define "qanat.overlayFolders" -}}
{{- range $i, $name := include "qanat.overlays" . | fromJsonArray -}}
{{ if $i }},{{ end }}/overlay/{{ $name }}
{{- end -}}
{{- end }}

{{/* The files of the values' overlay, under keys that a ConfigMap allows */}}
{{- define "qanat.overlayFiles" -}}
{{- $files := dict -}}
{{- range $flow, $texts := .Values.overlay.routes -}}
  {{- range $file, $text := $texts -}}
    {{- $_ := set $files (printf "%s__%s" $flow (replace "/" "__" $file)) $text -}}
  {{- end -}}
{{- end -}}
{{- range $file, $text := .Values.overlay.kamelets -}}
  {{- $_ := set $files (printf "kamelets__%s" $file) $text -}}
{{- end -}}
{{ toYaml $files }}
{{- end }}
