{{/* What a schema cannot say. Each check ends the rendering with one line that names the value */}}
{{- define "qanat.checks" -}}
{{- $deployments := include "qanat.deployments" . | fromJsonArray -}}
{{- if not $deployments }}{{ fail "deployments: none is enabled" }}{{ end -}}
{{- range $deployments -}}
  {{- include "qanat.checkDeployment" (dict "root" $ "d" .) -}}
{{- end -}}
{{- if and .Values.gateway.enabled (not .Values.gateway.parentRefs) }}{{ fail "gateway.parentRefs is empty: name the Gateway that the routes belong to" }}{{ end -}}
{{- include "qanat.checkKafka" . -}}
{{- include "qanat.checkServers" . -}}
{{- include "qanat.checkConfig" . -}}
{{- include "qanat.checkOverlay" . -}}
{{- include "qanat.checkSecrets" . -}}
{{- end }}

{{/* (dict "root" $ "d" deployment) */}}
{{- define "qanat.checkDeployment" -}}
{{- $d := .d -}}
{{- $at := printf "deployments.%s" $d.name -}}
{{- $known := include "qanat.flows" .root | fromJsonArray -}}
{{- if has $d.name (list "config" "flags" "management" "migrate" "overlay" "tasks" "test" "topics") -}}
  {{- fail (printf "%s: the chart needs this name itself; choose another" $at) -}}
{{- end -}}
{{- range $d.flows -}}
  {{- if not (has . $known) -}}
    {{- fail (printf "%s.flows names %s, which is not among %s; if an overlay brings it, add it to flows" $at . (join ", " $known)) -}}
  {{- end -}}
{{- end -}}
{{- if not (dig "limits" "memory" "" $d.resources) -}}
  {{- fail (printf "%s.resources.limits.memory is missing: the heap is a share of it" $at) -}}
{{- end -}}
{{- with $d.autoscaling -}}
  {{- if ne .type "none" -}}
    {{- if gt (int .minReplicas) (int .maxReplicas) -}}
      {{- fail (printf "%s.autoscaling.minReplicas is %d, more than maxReplicas, %d" $at (int .minReplicas) (int .maxReplicas)) -}}
    {{- end -}}
    {{- if and (eq (int .minReplicas) 0) (or (ne .type "keda") $d.accept $d.query) -}}
      {{- fail (printf "%s.autoscaling.minReplicas is 0: only keda can do that, and only for the role deliver alone, because who accepts or queries must be there" $at) -}}
    {{- end -}}
  {{- end -}}
  {{- if and (eq .type "hpa") (not (dig "requests" "cpu" "" $d.resources)) -}}
    {{- fail (printf "%s.resources.requests.cpu is missing: hpa scales by the share of it that is used" $at) -}}
  {{- end -}}
  {{- if and (eq .type "keda") (not (and $d.deliver $d.lanes)) -}}
    {{- fail (printf "%s.autoscaling.type is keda, which scales by what waits for a sink, but nothing is delivered there; use hpa" $at) -}}
  {{- end -}}
  {{- with $.root.Values.kafka -}}
    {{- if and (eq $d.autoscaling.type "keda") (hasPrefix "SASL_" .securityProtocol) (not (include "qanat.kedaMechanism" .)) -}}
      {{- fail (printf "%s.autoscaling.type is keda, which the chart cannot have log in to Kafka by %s; use hpa, or kafka.clientCertificate" $at .sasl.mechanism) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- range $d.env -}}
  {{- include "qanat.checkSetting" (dict "at" (printf "%s.env" $at) "name" .name "value" .value) -}}
{{- end -}}
{{- end }}

{{- define "qanat.checkServers" -}}
{{- $v := .Values -}}
{{- if not (or $v.mongodb.uri $v.mongodb.existingSecret) -}}
  {{- fail "mongodb.existingSecret is empty: name a Secret with the URI (or give mongodb.uri, if it needs no credentials)" -}}
{{- end -}}
{{- if and $v.mongodb.uri $v.mongodb.existingSecret }}{{ fail "mongodb.uri and mongodb.existingSecret are both set; leave one empty" }}{{ end -}}
{{- if contains "@" $v.mongodb.uri }}{{ fail "mongodb.uri holds credentials, which would be in a ConfigMap; put it into a Secret and name that in mongodb.existingSecret" }}{{ end -}}
{{- range include "qanat.deployments" . | fromJsonArray -}}
  {{- if has "salesforce" .servers -}}
    {{- $why := printf "deployments.%s delivers to Salesforce" .name -}}
    {{- if not $v.salesforce.loginUrl }}{{ fail (printf "salesforce.loginUrl is empty, but %s" $why) }}{{ end -}}
    {{- if not $v.salesforce.existingSecret }}{{ fail (printf "salesforce.existingSecret is empty, but %s: name a Secret with the keys %s and %s" $why $v.salesforce.clientIdKey $v.salesforce.clientSecretKey) }}{{ end -}}
  {{- end -}}
  {{- if has "postgresql" .servers -}}
    {{- $why := printf "deployments.%s runs a flow with the sink postgis" .name -}}
    {{- if not $v.postgresql.url }}{{ fail (printf "postgresql.url is empty, but %s" $why) }}{{ end -}}
    {{- if not $v.postgresql.existingSecret }}{{ fail (printf "postgresql.existingSecret is empty, but %s: name a Secret with the key %s" $why $v.postgresql.passwordKey) }}{{ end -}}
  {{- end -}}
{{- end -}}
{{- if regexMatch "[?&]password=" $v.postgresql.url }}{{ fail "postgresql.url holds a password, which would be in a ConfigMap; put it into the Secret of postgresql.existingSecret" }}{{ end -}}
{{- if eq $v.cache.type "redis" -}}
  {{- if not (or $v.cache.redis.url $v.cache.redis.existingSecret) }}{{ fail "cache.type is redis: name a Secret in cache.redis.existingSecret, or give cache.redis.url" }}{{ end -}}
  {{- if and $v.cache.redis.url $v.cache.redis.existingSecret }}{{ fail "cache.redis.url and cache.redis.existingSecret are both set; leave one empty" }}{{ end -}}
  {{- if contains "@" $v.cache.redis.url }}{{ fail "cache.redis.url holds credentials, which would be in a ConfigMap; put it into a Secret and name that in cache.redis.existingSecret" }}{{ end -}}
{{- end -}}
{{- if and (ne $v.flags.provider "file") (not $v.flags.url) }}{{ fail (printf "flags.url is empty, but flags.provider is %s" $v.flags.provider) }}{{ end -}}
{{- if and (ne $v.flags.provider "file") $v.flags.file }}{{ fail (printf "flags.file is given, but flags.provider is %s" $v.flags.provider) }}{{ end -}}
{{- end }}

{{- define "qanat.checkKafka" -}}
{{- $kafka := .Values.kafka -}}
{{- $protocol := $kafka.securityProtocol -}}
{{- if not $kafka.bootstrapServers }}{{ fail "kafka.bootstrapServers is empty: name the brokers, such as kafka:9092" }}{{ end -}}
{{- if eq (int $kafka.replicationFactor) 0 }}{{ fail "kafka.replicationFactor is 0; -1 means the broker's default" }}{{ end -}}
{{- if hasPrefix "SASL_" $protocol -}}
  {{- if not $kafka.sasl.existingSecret }}{{ fail (printf "kafka.sasl.existingSecret is empty, but kafka.securityProtocol is %s" $protocol) }}{{ end -}}
  {{- if and (not $kafka.sasl.jaasConfigKey) (not (has $kafka.sasl.mechanism (list "PLAIN" "SCRAM-SHA-256" "SCRAM-SHA-512"))) -}}
    {{- fail (printf "kafka.sasl.mechanism %s takes a whole sasl.jaas.config: name its key in kafka.sasl.jaasConfigKey" $kafka.sasl.mechanism) -}}
  {{- end -}}
{{- else if $kafka.sasl.existingSecret -}}
  {{- fail (printf "kafka.sasl.existingSecret is set, but kafka.securityProtocol is %s; SASL_SSL or SASL_PLAINTEXT uses it" $protocol) -}}
{{- end -}}
{{- range $part := list "tls" "clientCertificate" -}}
  {{- if and (get $kafka $part).existingSecret (not (hasSuffix "SSL" $protocol)) -}}
    {{- fail (printf "kafka.%s.existingSecret is set, but kafka.securityProtocol is %s; SSL or SASL_SSL uses it" $part $protocol) -}}
  {{- end -}}
{{- end -}}
{{- if and (eq .Values.topics.mode "strimzi") (not .Values.topics.strimzi.cluster) -}}
  {{- fail "topics.strimzi.cluster is empty: name the Kafka resource that the topics belong to" -}}
{{- end -}}
{{- range include "qanat.deployments" . | fromJsonArray -}}
  {{- if and (eq .autoscaling.type "keda") $kafka.sasl.jaasConfigKey -}}
    {{- fail (printf "deployments.%s.autoscaling.type is keda, which logs in to Kafka with usernameKey and passwordKey of kafka.sasl, not with jaasConfigKey" .name) -}}
  {{- end -}}
{{- end -}}
{{- end }}

{{- define "qanat.checkOverlay" -}}
{{- range $key, $text := include "qanat.overlayFiles" . | fromYaml -}}
  {{- if and (hasSuffix ".yaml" $key) (include "qanat.yamlError" $text) -}}
    {{- fail (printf "overlay: %s is no YAML: %s" (replace "__" "/" $key) (include "qanat.yamlError" $text | replace "\n" " " | trunc 200)) -}}
  {{- end -}}
{{- end -}}
{{- end }}

{{/* Why a text is no YAML; empty if it is */}}
{{- define "qanat.yamlError" -}}
{{- $list := fromYamlArray . -}}
{{- if and $list (kindIs "string" (first $list)) (hasPrefix "error" (first $list)) -}}
  {{- with (fromYaml .).Error }}{{ . }}{{ end -}}
{{- end -}}
{{- end }}

{{/* Says which Secret is missing, or lacks a key, where a cluster answers */}}
{{- define "qanat.checkSecrets" -}}
{{- $ns := .Release.Namespace -}}
{{- if and .Values.checkSecrets (lookup "v1" "ServiceAccount" $ns "default") -}}
  {{- range include "qanat.secretKeys" . | fromJsonArray -}}
    {{- $secret := lookup "v1" "Secret" $ns .secret -}}
    {{- if not $secret -}}
      {{- fail (printf "the namespace %s has no Secret %s, which %s.existingSecret names; make it, or set checkSecrets=false if it comes later" $ns .secret .at) -}}
    {{- else if not (hasKey ($secret.data | default dict) .key) -}}
      {{- fail (printf "the Secret %s in the namespace %s has no key %s, which %s needs" .secret $ns .key .at) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- end }}

{{/* All keys of Secrets that hubs and KEDA are given, as a JSON array of {secret, key, at (the value)} */}}
{{- define "qanat.secretKeys" -}}
{{- $union := include "qanat.deployments" . | fromJsonArray | include "qanat.union" | fromJson -}}
{{- $keys := list -}}
{{- range list "qanat.secretsEnv" "qanat.secretFiles" -}}
  {{- $keys = concat $keys (include . (dict "root" $ "of" $union.servers) | fromJsonArray) -}}
{{- end -}}
{{- range include "qanat.deployments" . | fromJsonArray -}}
  {{- if eq .autoscaling.type "keda" -}}
    {{- range include "qanat.kedaSecrets" $ | fromJsonArray -}}
      {{- $keys = append $keys (dict "secret" .name "key" .key "at" (printf "kafka.%s" .of)) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{ toJson $keys }}
{{- end }}
