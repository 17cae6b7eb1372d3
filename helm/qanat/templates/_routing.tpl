{{/*
Names of the Deployments behind the Service in front of all, as a JSON array. Whoever knows every flow can tell of every
receipt and lane, so it is those that answer requests and run all flows; where there is none, all that answer requests.
*/}}
{{- define "qanat.fronts" -}}
{{- $know := list -}}
{{- $answer := list -}}
{{- range include "qanat.deployments" . | fromJsonArray -}}
  {{- if or .accept .query -}}
    {{- $answer = append $answer .name -}}
    {{- if .allFlows }}{{ $know = append $know .name }}{{ end -}}
  {{- end -}}
{{- end -}}
{{ $know | default $answer | toJson }}
{{- end }}

{{/* Whether one of these takes gRPC */}}
{{- define "qanat.frontAccepts" -}}
{{- $fronts := include "qanat.fronts" . | fromJsonArray -}}
{{- range include "qanat.deployments" . | fromJsonArray -}}
  {{- if and .accept (has .name $fronts) }}true{{ end -}}
{{- end -}}
{{- end }}
