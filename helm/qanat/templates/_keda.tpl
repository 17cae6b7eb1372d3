{{/*
What a Deployment's lanes read, as a JSON array of {group, topic}: each lane its flow, and the platform's lane the dead
letters of these and what people did with them, so that a pod comes for them too.
*/}}
{{- define "qanat.backlogs" -}}
{{- $platform := "platform-deliver-deadletters" -}}
{{- $backlogs := list -}}
{{- range .lanes -}}
  {{- $backlogs = append $backlogs (dict "group" (printf "%s-deliver-%s" .flow .sink) "topic" (printf "qanat.%s" .flow)) -}}
  {{- $backlogs = append $backlogs (dict "group" $platform "topic" (printf "dlq.%s.%s" .flow .sink)) -}}
{{- end -}}
{{ append $backlogs (dict "group" $platform "topic" "qanat-audit") | toJson }}
{{- end }}

{{/* Keys of Secrets that KEDA logs in to Kafka with, as a JSON array of {of (the login), parameter, name, key} */}}
{{- define "qanat.kedaSecrets" -}}
{{- $secrets := list -}}
{{- with .Values.kafka -}}
  {{- if hasPrefix "SASL_" .securityProtocol -}}
    {{- $secrets = append $secrets (dict "of" "sasl" "parameter" "username" "name" .sasl.existingSecret "key" .sasl.usernameKey) -}}
    {{- $secrets = append $secrets (dict "of" "sasl" "parameter" "password" "name" .sasl.existingSecret "key" .sasl.passwordKey) -}}
  {{- end -}}
  {{- if .tls.existingSecret -}}
    {{- $secrets = append $secrets (dict "of" "tls" "parameter" "ca" "name" .tls.existingSecret "key" .tls.caKey) -}}
  {{- end -}}
  {{- with .clientCertificate -}}
    {{- if .existingSecret -}}
      {{- $secrets = append $secrets (dict "of" "clientCertificate" "parameter" "cert" "name" .existingSecret "key" .certificateKey) -}}
      {{- $secrets = append $secrets (dict "of" "clientCertificate" "parameter" "key" "name" .existingSecret "key" .privateKeyKey) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{ toJson $secrets }}
{{- end }}

{{/* What KEDA's scaler for Kafka calls the mechanism of a login with a name and a password; empty for any other */}}
{{- define "qanat.kedaMechanism" -}}
{{- get (dict "PLAIN" "plaintext" "SCRAM-SHA-256" "scram_sha256" "SCRAM-SHA-512" "scram_sha512") .sasl.mechanism -}}
{{- end }}

{{/* How KEDA's scaler for Kafka calls the login */}}
{{- define "qanat.kedaLogin" -}}
{{- with .Values.kafka -}}
sasl: {{ ternary (include "qanat.kedaMechanism" .) "none" (hasPrefix "SASL_" .securityProtocol) }}
tls: {{ ternary "enable" "disable" (hasSuffix "SSL" .securityProtocol) }}
{{- end -}}
{{- end }}
