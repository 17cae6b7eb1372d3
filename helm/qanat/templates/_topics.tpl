{{/*
Topics of the flows that run somewhere, as the hub makes them: a JSON array of {name, partitions, config}. What is beside a
flow's topic has as many partitions.
*/}}
{{- define "qanat.topics" -}}
{{- $partitions := .Values.kafka.partitions -}}
{{- $forever := dict "retention.ms" "-1" -}}
{{- $newest := dict "cleanup.policy" "compact" -}}
{{- $flows := list -}}
{{- range include "qanat.deployments" . | fromJsonArray }}{{ $flows = concat $flows .runs }}{{ end -}}
{{- $topics := list
  (dict "name" "qanat-control" "partitions" 1 "config" $newest)
  (dict "name" "qanat-audit" "partitions" 1 "config" $forever)
-}}
{{- range $flow := uniq $flows | sortAlpha -}}
  {{- $topics = append $topics (dict "name" (printf "qanat.%s" $flow) "partitions" $partitions "config" $.Values.topics.config) -}}
  {{- range $sink := (get $.Values.flows $flow | default dict).sinks -}}
    {{- $lane := printf "%s.%s" $flow $sink -}}
    {{- $topics = append $topics (dict "name" (printf "dlq.%s" $lane) "partitions" $partitions "config" (merge (dict "max.message.bytes" "2097152") $forever)) -}}
    {{- $topics = append $topics (dict "name" (printf "qanat-versions.%s" $lane) "partitions" $partitions "config" $newest) -}}
  {{- end -}}
{{- end -}}
{{ toJson $topics }}
{{- end }}
