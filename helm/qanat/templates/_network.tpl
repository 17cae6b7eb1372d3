{{/* A rule of egress to {ports, to} */}}
{{- define "qanat.egress" -}}
- ports:
    {{- range .ports }}
    - port: {{ . }}
    {{- end }}
  {{- with .to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{/* (dict "root" $ "of" names of servers): DNS, and the servers that pods talk to */}}
{{- define "qanat.egressRules" -}}
{{- $v := .root.Values -}}
{{- $net := $v.networkPolicy -}}
- ports:
    {{- range $net.dns.ports }}
    - {port: {{ . }}, protocol: UDP}
    - {port: {{ . }}, protocol: TCP}
    {{- end }}
  {{- with $net.dns.to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- range list "kafka" "mongodb" "postgresql" "salesforce" }}
{{- if has . $.of }}
{{ include "qanat.egress" (get $net .) }}
{{- end }}
{{- end }}
{{- if and (has "cache" .of) (eq $v.cache.type "redis") }}
{{ include "qanat.egress" $net.redis }}
{{- end }}
{{- if and (has "flags" .of) (ne $v.flags.provider "file") }}
{{ include "qanat.egress" $net.flags }}
{{- end }}
{{- end }}
