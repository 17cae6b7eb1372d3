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
name, allFlows, runs (flows), accept, query, deliver, grpc (whether it serves that), lanes ({flow, sink}), and servers
(whom it talks to, operators among them).
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
    {{- $grpc := list -}}
    {{- range $flow := $d.runs -}}
      {{- $known := get $.Values.flows $flow | default dict -}}
      {{- $grpc = concat $grpc ($known.grpc | default list) -}}
      {{- range $sink := $known.sinks -}}
        {{- $sinks = append $sinks $sink -}}
        {{- $lanes = append $lanes (dict "flow" $flow "sink" $sink) -}}
      {{- end -}}
    {{- end -}}
    {{- $_ := set $d "grpc" (and $d.accept (not (empty $grpc))) -}}
    {{- $_ := set $d "lanes" $lanes -}}
    {{- $servers := list "kafka" "mongodb" "flags" -}}
    {{- if or $d.accept $d.query }}{{ $servers = append $servers "operators" }}{{ end -}}
    {{- if $d.query }}{{ $servers = append $servers "cache" }}{{ end -}}
    {{- if and $d.deliver (has "salesforce" $sinks) }}{{ $servers = append $servers "salesforce" }}{{ end -}}
    {{- if and (or $d.deliver $d.query) (has "postgis" $sinks) }}{{ $servers = append $servers "postgresql" }}{{ end -}}
    {{- $_ := set $d "servers" $servers -}}
    {{- $made = append $made $d -}}
  {{- end -}}
{{- end -}}
{{ toJson $made }}
{{- end }}

{{/*
The flows that Deployments (a list) run and the servers that they talk to, as JSON {flows, servers}; no flows means all.
*/}}
{{- define "qanat.union" -}}
{{- $all := false -}}
{{- $flows := list -}}
{{- $servers := list -}}
{{- range . -}}
  {{- $all = or $all .allFlows -}}
  {{- $flows = concat $flows .flows | uniq | sortAlpha -}}
  {{- $servers = concat $servers .servers | uniq -}}
{{- end -}}
{{ dict "flows" (ternary list $flows $all) "servers" $servers | toJson }}
{{- end }}

{{/*
What is done once before hubs run, by its name, as JSON {flows, servers}: topics for all, and migrations for those that
write to databases or read from them.
*/}}
{{- define "qanat.tasks" -}}
{{- $tasks := dict -}}
{{- $deployments := include "qanat.deployments" . | fromJsonArray -}}
{{- if eq .Values.topics.mode "job" -}}
  {{- $_ := set $tasks "topics" (dict "flows" (include "qanat.union" $deployments | fromJson).flows "servers" (list "kafka")) -}}
{{- end -}}
{{- $users := list -}}
{{- range $deployments }}{{ if or .deliver .query }}{{ $users = append $users . }}{{ end }}{{ end -}}
{{- if and .Values.migration.enabled $users -}}
  {{- $union := include "qanat.union" $users | fromJson -}}
  {{- $_ := set $tasks "migrate" (set $union "servers" (without $union.servers "kafka" "salesforce" "cache" "flags" "operators")) -}}
{{- end -}}
{{ toJson $tasks }}
{{- end }}

{{- define "qanat.hubSelector" -}}
{{ include "qanat.selectorLabels" .root }}
app.kubernetes.io/component: {{ .name }}
{{- end }}
