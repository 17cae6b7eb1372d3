{{- define "qanat.secretEnv" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key }}
{{- end }}

{{/* (dict "root" $ "salesforce" bool "postgresql" bool): environment variables that come from Secrets */}}
{{- define "qanat.secretsEnv" -}}
{{- $v := .root.Values -}}
{{- $env := list -}}
{{- if hasPrefix "SASL_" $v.kafka.securityProtocol -}}
  {{- with $v.kafka.sasl -}}
    {{- if .jaasConfigKey -}}
      {{- $env = append $env (dict "name" "CAMEL_COMPONENT_KAFKA_SASLJAASCONFIG" "secret" .existingSecret "key" .jaasConfigKey) -}}
    {{- else -}}
      {{- $env = append $env (dict "name" "KAFKA_USERNAME" "secret" .existingSecret "key" .usernameKey) -}}
      {{- $env = append $env (dict "name" "KAFKA_PASSWORD" "secret" .existingSecret "key" .passwordKey) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- with $v.kafka.clientCertificate -}}
  {{- if .existingSecret -}}
    {{- $env = append $env (dict "name" "CAMEL_COMPONENT_KAFKA_SSLKEYSTOREPASSWORD" "secret" .existingSecret "key" .passwordKey) -}}
  {{- end -}}
{{- end -}}
{{- with $v.mongodb -}}
  {{- if .existingSecret }}{{ $env = append $env (dict "name" "QANAT_MONGODB_URI" "secret" .existingSecret "key" .uriKey) }}{{ end -}}
{{- end -}}
{{- if .postgresql -}}
  {{- with $v.postgresql -}}
    {{- if .usernameKey }}{{ $env = append $env (dict "name" "QANAT_POSTGRESQL_USERNAME" "secret" .existingSecret "key" .usernameKey) }}{{ end -}}
    {{- $env = append $env (dict "name" "QANAT_POSTGRESQL_PASSWORD" "secret" .existingSecret "key" .passwordKey) -}}
  {{- end -}}
{{- end -}}
{{- if .salesforce -}}
  {{- with $v.salesforce -}}
    {{- $env = append $env (dict "name" "QANAT_SALESFORCE_CLIENTID" "secret" .existingSecret "key" .clientIdKey) -}}
    {{- $env = append $env (dict "name" "QANAT_SALESFORCE_CLIENTSECRET" "secret" .existingSecret "key" .clientSecretKey) -}}
  {{- end -}}
{{- end -}}
{{- if and (eq $v.cache.type "redis") $v.cache.redis.existingSecret -}}
  {{- $env = append $env (dict "name" "SPRING_DATA_REDIS_URL" "secret" $v.cache.redis.existingSecret "key" $v.cache.redis.urlKey) -}}
{{- end -}}
{{- with $v.flags -}}
  {{- if and (eq .provider "unleash") .existingSecret }}{{ $env = append $env (dict "name" "QANAT_FLAGS_TOKEN" "secret" .existingSecret "key" .tokenKey) }}{{ end -}}
{{- end -}}
{{ toJson $env }}
{{- end }}

{{/* (dict "root" $ "d" deployment): all environment variables of a hub */}}
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
  value: file:/etc/qanat/config/application.yaml{{ if $v.operators.existingSecret }},file:/etc/qanat/operators/operators.yaml{{ end }}
{{- with include "qanat.overlayFolders" .root }}
- name: QANAT_OVERLAY
  value: {{ . | quote }}
{{- end }}
{{- range include "qanat.secretsEnv" (dict "root" .root "salesforce" .d.salesforce "postgresql" .d.postgresql) | fromJsonArray }}
{{ include "qanat.secretEnv" . }}
{{- end }}
{{- with $v.kafka }}
{{- if and (hasPrefix "SASL_" .securityProtocol) (not .sasl.jaasConfigKey) }}
- name: CAMEL_COMPONENT_KAFKA_SASLJAASCONFIG
  value: {{ printf "%s required username=\"$(KAFKA_USERNAME)\" password=\"$(KAFKA_PASSWORD)\";" (include "qanat.loginModule" $) | quote }}
{{- end }}
{{- end }}
{{- end }}

{{- define "qanat.loginModule" -}}
org.apache.kafka.common.security.{{ ternary "plain.PlainLoginModule" "scram.ScramLoginModule" (eq .root.Values.kafka.sasl.mechanism "PLAIN") }}
{{- end }}
