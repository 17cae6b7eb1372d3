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

{{/* Whether all of these take gRPC; a Service has its ports for all of its pods */}}
{{- define "qanat.frontGrpc" -}}
{{- $fronts := include "qanat.fronts" . | fromJsonArray -}}
{{- $all := not (empty $fronts) -}}
{{- range include "qanat.deployments" . | fromJsonArray -}}
  {{- if has .name $fronts }}{{ $all = and $all .grpc }}{{ end -}}
{{- end -}}
{{ ternary "true" "" $all }}
{{- end }}

{{/*
(dict "root" $ "flow" name "role" name): names of the Deployments that do this for a flow, as a JSON array. Those that
name the flow come before those that run all flows.
*/}}
{{- define "qanat.doers" -}}
{{- $naming := list -}}
{{- $all := list -}}
{{- range include "qanat.deployments" .root | fromJsonArray -}}
  {{- if and (get . $.role) (has $.flow .runs) -}}
    {{- $all = append $all .name -}}
    {{- if not .allFlows }}{{ $naming = append $naming .name }}{{ end -}}
  {{- end -}}
{{- end -}}
{{ $naming | default $all | toJson }}
{{- end }}

{{/*
Which Deployments answer which paths, as a JSON array of {doers, matches: [{path, method}]}; empty where the ones in
front answer everything.
*/}}
{{- define "qanat.routes" -}}
{{- $byDoers := dict -}}
{{- range $flow, $known := .Values.flows -}}
  {{- range $role := list "accept" "query" -}}
    {{- $doers := include "qanat.doers" (dict "root" $ "flow" $flow "role" $role) -}}
    {{- range $path := ternary (get $known $role | default list) list (ne $doers "[]") -}}
      {{- $words := splitList " " $path -}}
      {{- $match := dict "path" (last $words) "method" (ternary (first $words) "" (eq (len $words) 2)) -}}
      {{- $_ := set $byDoers $doers (append (get $byDoers $doers | default list) $match) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- $routes := list -}}
{{- if ne (keys $byDoers | join ";") (include "qanat.fronts" .) -}}
  {{- range $doers, $matches := $byDoers -}}
    {{- $routes = append $routes (dict "doers" ($doers | fromJsonArray) "matches" $matches) -}}
  {{- end -}}
{{- end -}}
{{ toJson $routes }}
{{- end }}

{{/* (dict "root" $ "doers" names "port" number): backendRefs of a Gateway's route */}}
{{- define "qanat.backendRefs" -}}
{{- $full := include "qanat.fullname" .root -}}
{{- range .doers }}
- name: {{ $full }}-{{ . }}
  port: {{ $.port }}
{{- else }}
- name: {{ $full }}
  port: {{ .port }}
{{- end }}
{{- end }}
