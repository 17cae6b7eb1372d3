{{- define "qanat.secretEnv" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key }}
{{- end }}

{{/* (dict "root" $ "of" names of servers): environment variables that come from Secrets, as a JSON array of {name, secret, key, at (the value)} */}}
{{- define "qanat.secretsEnv" -}}
{{- $v := .root.Values -}}
{{- $env := list -}}
{{- $sasl := and (has "kafka" .of) (hasPrefix "SASL_" $v.kafka.securityProtocol) -}}
{{- with $v.kafka.sasl -}}
  {{- if and $sasl .jaasConfigKey -}}
    {{- $env = append $env (dict "at" "kafka.sasl" "name" "CAMEL_COMPONENT_KAFKA_SASLJAASCONFIG" "secret" .existingSecret "key" .jaasConfigKey) -}}
  {{- else if $sasl -}}
    {{- $env = append $env (dict "at" "kafka.sasl" "name" "KAFKA_USERNAME" "secret" .existingSecret "key" .usernameKey) -}}
    {{- $env = append $env (dict "at" "kafka.sasl" "name" "KAFKA_PASSWORD" "secret" .existingSecret "key" .passwordKey) -}}
  {{- end -}}
{{- end -}}
{{- with $v.kafka.clientCertificate -}}
  {{- if and (has "kafka" $.of) .existingSecret -}}
    {{- $env = append $env (dict "at" "kafka.clientCertificate" "name" "CAMEL_COMPONENT_KAFKA_SSLKEYSTOREPASSWORD" "secret" .existingSecret "key" .passwordKey) -}}
  {{- end -}}
{{- end -}}
{{- with $v.mongodb -}}
  {{- if and (has "mongodb" $.of) .existingSecret -}}
    {{- $env = append $env (dict "at" "mongodb" "name" "QANAT_MONGODB_URI" "secret" .existingSecret "key" .uriKey) -}}
  {{- end -}}
{{- end -}}
{{- if has "postgresql" .of -}}
  {{- with $v.postgresql -}}
    {{- if .usernameKey }}{{ $env = append $env (dict "at" "postgresql" "name" "QANAT_POSTGRESQL_USERNAME" "secret" .existingSecret "key" .usernameKey) }}{{ end -}}
    {{- $env = append $env (dict "at" "postgresql" "name" "QANAT_POSTGRESQL_PASSWORD" "secret" .existingSecret "key" .passwordKey) -}}
  {{- end -}}
{{- end -}}
{{- if has "salesforce" .of -}}
  {{- with $v.salesforce -}}
    {{- $env = append $env (dict "at" "salesforce" "name" "QANAT_SALESFORCE_CLIENTID" "secret" .existingSecret "key" .clientIdKey) -}}
    {{- $env = append $env (dict "at" "salesforce" "name" "QANAT_SALESFORCE_CLIENTSECRET" "secret" .existingSecret "key" .clientSecretKey) -}}
  {{- end -}}
{{- end -}}
{{- with $v.cache.redis -}}
  {{- if and (has "cache" $.of) (eq $v.cache.type "redis") .existingSecret -}}
    {{- $env = append $env (dict "at" "cache.redis" "name" "SPRING_DATA_REDIS_URL" "secret" .existingSecret "key" .urlKey) -}}
  {{- end -}}
{{- end -}}
{{- with $v.flags -}}
  {{- if and (has "flags" $.of) (eq .provider "unleash") .existingSecret -}}
    {{- $env = append $env (dict "at" "flags" "name" "QANAT_FLAGS_TOKEN" "secret" .existingSecret "key" .tokenKey) -}}
  {{- end -}}
{{- end -}}
{{ toJson $env }}
{{- end }}

{{/* (dict "root" $ "d" {flows, roles, servers}): the environment variables that hubs and tasks have in common */}}
{{- define "qanat.env" -}}
{{- $v := .root.Values -}}
{{- if .d.flows }}
- name: QANAT_FLOWS
  value: {{ join "," .d.flows | quote }}
{{- end }}
{{- if .d.roles }}
- name: QANAT_ROLES
  value: {{ join "," .d.roles | quote }}
{{- end }}
- name: SPRING_CONFIG_ADDITIONAL_LOCATION
  value: file:/etc/qanat/config/application.yaml{{ if and (has "operators" .d.servers) $v.operators.existingSecret }},file:/etc/qanat/operators/operators.yaml{{ end }}
{{- with include "qanat.overlayFolders" .root }}
- name: QANAT_OVERLAY
  value: {{ . | quote }}
{{- end }}
{{- range include "qanat.secretsEnv" (dict "root" .root "of" .d.servers) | fromJsonArray }}
{{ include "qanat.secretEnv" . }}
{{- end }}
{{- with $v.kafka }}
{{- if and (has "kafka" $.d.servers) (hasPrefix "SASL_" .securityProtocol) (not .sasl.jaasConfigKey) }}
- name: CAMEL_COMPONENT_KAFKA_SASLJAASCONFIG
  value: {{ printf "%s required username=\"$(KAFKA_USERNAME)\" password=\"$(KAFKA_PASSWORD)\";" (include "qanat.loginModule" $) | quote }}
{{- end }}
{{- end }}
{{- end }}

{{- define "qanat.loginModule" -}}
org.apache.kafka.common.security.{{ ternary "plain.PlainLoginModule" "scram.ScramLoginModule" (eq .root.Values.kafka.sasl.mechanism "PLAIN") }}
{{- end }}
