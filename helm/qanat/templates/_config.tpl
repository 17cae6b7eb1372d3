{{/* The hub's application.yaml: what the values say, and .Values.config */}}
{{- define "qanat.config" -}}
{{- $v := .Values -}}
{{- $qanat := dict
  "kafka" (dict
    "bootstrap-servers" $v.kafka.bootstrapServers
    "partitions" $v.kafka.partitions
    "replication-factor" $v.kafka.replicationFactor)
  "postgresql" (dict "username" $v.postgresql.username)
  "salesforce" dict
  "flags" (dict "provider" $v.flags.provider)
-}}
{{- if $v.postgresql.url }}{{ $_ := set $qanat.postgresql "url" $v.postgresql.url }}{{ end -}}
{{- if $v.salesforce.loginUrl }}{{ $_ := set $qanat.salesforce "login-url" $v.salesforce.loginUrl }}{{ end -}}
{{- if $v.mongodb.uri }}{{ $_ := set $qanat "mongodb" (dict "uri" $v.mongodb.uri) }}{{ end -}}
{{- if $v.flags.url }}{{ $_ := set $qanat.flags "url" $v.flags.url }}{{ end -}}
{{- if $v.flags.file }}{{ $_ := set $qanat.flags "file" "/etc/qanat/flags/flags.yaml" }}{{ end -}}
{{- $kafka := dict "security-protocol" $v.kafka.securityProtocol -}}
{{- if hasPrefix "SASL_" $v.kafka.securityProtocol }}{{ $_ := set $kafka "sasl-mechanism" $v.kafka.sasl.mechanism }}{{ end -}}
{{- if $v.kafka.tls.existingSecret -}}
  {{- $_ := set $kafka "ssl-truststore-type" "PEM" -}}
  {{- $_ := set $kafka "ssl-truststore-location" "/etc/qanat/kafka/ca/ca.crt" -}}
{{- end -}}
{{- if $v.kafka.clientCertificate.existingSecret -}}
  {{- $_ := set $kafka "ssl-keystore-type" "PKCS12" -}}
  {{- $_ := set $kafka "ssl-keystore-location" "/etc/qanat/kafka/client/client.p12" -}}
{{- end -}}
{{- $spring := dict
  "lifecycle" (dict "timeout-per-shutdown-phase" (printf "%ds" (int $v.shutdown.requestsSeconds)))
  "cache" (dict "type" $v.cache.type)
-}}
{{- if $v.cache.redis.url }}{{ $_ := set $spring "data" (dict "redis" (dict "url" $v.cache.redis.url)) }}{{ end -}}
{{- $set := dict
  "qanat" $qanat
  "spring" $spring
  "camel" (dict "main" (dict "shutdown-timeout" $v.shutdown.routesSeconds) "component" (dict "kafka" $kafka))
-}}
{{ include "qanat.merge" (dict "base" $set "over" $v.config) | fromJson | toYaml }}
{{- end }}
