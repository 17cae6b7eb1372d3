{{/* (dict "base" map "over" map): over merged into base, maps deeply; also what is false, 0 or empty counts */}}
{{- define "qanat.merge" -}}
{{- $merged := deepCopy .base -}}
{{- range $key, $value := .over -}}
  {{- if and (kindIs "map" $value) (kindIs "map" (get $merged $key)) -}}
    {{- $value = include "qanat.merge" (dict "base" (get $merged $key) "over" $value) | fromJson -}}
  {{- end -}}
  {{- if not (kindIs "invalid" $value) -}}
    {{- $_ := set $merged $key $value -}}
  {{- end -}}
{{- end -}}
{{ toJson $merged }}
{{- end }}

{{/* Names of the flows that the chart knows, as a JSON array */}}
{{- define "qanat.flows" -}}
{{ without (concat (keys .Values.flows) (keys .Values.overlay.routes)) "platform" | uniq | sortAlpha | toJson }}
{{- end }}

{{/*
The Deployments that are made, as a JSON array in the order of their names: the values with the defaults, and
name, allFlows, runs (flows), accept, query, deliver, lanes ({flow, sink}), salesforce, postgresql (what it needs).
*/}}
{{- define "qanat.deployments" -}}
{{- $made := list -}}
{{- $all := include "qanat.flows" . | fromJsonArray -}}
{{- range $name, $own := .Values.deployments | default (dict "hub" dict) -}}
  {{- $d := include "qanat.merge" (dict "base" $.Values.defaults "over" ($own | default dict)) | fromJson -}}
  {{- if $d.enabled -}}
    {{- $_ := set $d "name" $name -}}
    {{- $_ := set $d "allFlows" (empty $d.flows) -}}
    {{- $_ := set $d "runs" ($d.flows | default $all) -}}
    {{- range $role := list "accept" "query" "deliver" -}}
      {{- $_ := set $d $role (has $role $d.roles) -}}
    {{- end -}}
    {{- $sinks := list -}}
    {{- $lanes := list -}}
    {{- range $flow := $d.runs -}}
      {{- range $sink := (get $.Values.flows $flow | default dict).sinks -}}
        {{- $sinks = append $sinks $sink -}}
        {{- $lanes = append $lanes (dict "flow" $flow "sink" $sink) -}}
      {{- end -}}
    {{- end -}}
    {{- $_ := set $d "lanes" $lanes -}}
    {{- $_ := set $d "salesforce" (and $d.deliver (has "salesforce" $sinks)) -}}
    {{- $_ := set $d "postgresql" (and (or $d.deliver $d.query) (has "postgis" $sinks)) -}}
    {{- $made = append $made $d -}}
  {{- end -}}
{{- end -}}
{{ toJson $made }}
{{- end }}

{{/* One Deployment that stands for all, for tasks: the union of their flows and needs, as JSON */}}
{{- define "qanat.union" -}}
{{- $union := dict "flows" list "allFlows" false "salesforce" false "postgresql" false -}}
{{- range include "qanat.deployments" . | fromJsonArray -}}
  {{- $_ := set $union "allFlows" (or $union.allFlows .allFlows) -}}
  {{- $_ := set $union "salesforce" (or $union.salesforce .salesforce) -}}
  {{- $_ := set $union "postgresql" (or $union.postgresql .postgresql) -}}
  {{- $_ := set $union "flows" (concat $union.flows .flows | uniq | sortAlpha) -}}
{{- end -}}
{{- if $union.allFlows }}{{ $_ := set $union "flows" list }}{{ end -}}
{{ toJson $union }}
{{- end }}

{{- define "qanat.hubSelector" -}}
{{ include "qanat.selectorLabels" .root }}
app.kubernetes.io/component: {{ .name }}
{{- end }}
