{{/* Properties that the chart sets, without dashes, and the value that is theirs */}}
{{- define "qanat.ownSettings" -}}
qanat.home: the image
qanat.task: topics and migration
qanat.flows: deployments.<name>.flows
qanat.roles: deployments.<name>.roles
qanat.overlay: overlay
qanat.reload: overlay.reload
qanat.kafka.bootstrapservers: kafka.bootstrapServers
qanat.kafka.partitions: kafka.partitions
qanat.kafka.replicationfactor: kafka.replicationFactor
qanat.kafka.createtopics: topics.mode
qanat.mongodb: mongodb
qanat.postgresql.url: postgresql.url
qanat.postgresql.username: postgresql.username
qanat.postgresql.password: postgresql.existingSecret
qanat.postgresql.migrate: migration.enabled
qanat.salesforce: salesforce
qanat.flags: flags
qanat.operators: operators.existingSecret
qanat.grpc.address: the image
qanat.grpc.port: service.grpc.port
server.address: the image
server.port: service.http.port
management.server: the image
spring.lifecycle.timeoutpershutdownphase: shutdown.requestsSeconds
spring.cache.type: cache.type
spring.data.redis.url: cache.redis
spring.config.additionallocation: config
camel.main.shutdowntimeout: shutdown.routesSeconds
camel.component.kafka.brokers: kafka.bootstrapServers
camel.component.kafka.securityprotocol: kafka.securityProtocol
camel.component.kafka.sasl: kafka.sasl
camel.component.kafka.ssltruststore: kafka.tls
camel.component.kafka.sslkeystore: kafka.clientCertificate
jdkjavaoptions: deployments.<name>.jvmOptions
{{- end }}

{{/*
(dict "at" where "name" a property or a variable "value" text or nothing): refuses what the chart sets itself, and secrets
in plain sight. Variables are compared as Spring does: QANAT_KAFKA_BOOTSTRAPSERVERS is qanat.kafka.bootstrap-servers.
*/}}
{{- define "qanat.checkSetting" -}}
{{- $name := .name | lower | replace "-" "" -}}
{{- if not (contains "." .name) }}{{ $name = replace "_" "." $name }}{{ end -}}
{{- if hasPrefix "jdk.java" $name }}{{ $name = "jdkjavaoptions" }}{{ end -}}
{{- range $own, $value := include "qanat.ownSettings" . | fromYaml -}}
  {{- if or (eq $name $own) (hasPrefix (printf "%s." $own) $name) (and (hasPrefix "camel." $own) (hasPrefix $own $name)) -}}
    {{- fail (printf "%s: %s is set by the chart; see %s" $.at $.name $value) -}}
  {{- end -}}
{{- end -}}
{{- $value := .value | default "" | toString -}}
{{- if and $value (not (hasPrefix "${" $value)) (not (hasPrefix "$(" $value)) -}}
  {{- if or (regexMatch "(password|secret|token|apikey|credentials|jaasconfig)$" (replace "." "" $name)) (regexMatch "://[^/@ ]+:[^/@ ]+@" $value) -}}
    {{- fail (printf "%s: %s would be there for all to read; put it into a Secret, and take it into deployments.<name>.env with valueFrom" .at .name) -}}
  {{- end -}}
{{- end -}}
{{- end }}

{{- define "qanat.checkConfig" -}}
{{- range $name, $value := include "qanat.flat" (dict "path" "" "value" .Values.config) | fromJson -}}
  {{- include "qanat.checkSetting" (dict "at" "config" "name" $name "value" $value) -}}
{{- end -}}
{{- end }}

{{/* (dict "path" text "value" map): the leaves of a tree by their paths, as JSON */}}
{{- define "qanat.flat" -}}
{{- $flat := dict -}}
{{- range $key, $value := .value -}}
  {{- $path := $key | toString -}}
  {{- if $.path }}{{ $path = printf "%s.%v" $.path $key }}{{ end -}}
  {{- if or (kindIs "map" $value) (kindIs "slice" $value) -}}
    {{- $flat = merge $flat (include "qanat.flat" (dict "path" $path "value" $value) | fromJson) -}}
  {{- else -}}
    {{- $_ := set $flat $path $value -}}
  {{- end -}}
{{- end -}}
{{ toJson $flat }}
{{- end }}
