#!/bin/bash
# Runs one of Kafka's classes: kafka-run-class.sh CLASS [ARGUMENT ...]
logging=${KAFKA_LOG4J_OPTS:--Dlog4j2.configurationFile=/opt/kafka/config/tools-log4j2.yaml}
performance=${KAFKA_JVM_PERFORMANCE_OPTS:--server -XX:+UseG1GC}
# Options are words, split at blanks.
# shellcheck disable=SC2086
exec java ${KAFKA_HEAP_OPTS:--Xmx256M} $performance $logging ${KAFKA_OPTS:-} -cp '/opt/kafka/libs/*' "$@"
