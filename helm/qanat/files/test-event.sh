# Posts an event and waits until its receipt says that it is delivered. Takes HUB, EVENT_PATH, EVENT and TRIES.
set -eu
answer=$(curl -sS --fail-with-body -m 10 -D - -H 'Content-Type: application/json' -d "$EVENT" "$HUB$EVENT_PATH") || { echo "Not accepted: $answer" >&2; exit 1; }
receipt=$(printf '%s\n' "$answer" | tr -d '\r' | sed -n 's/^[Ll]ocation: //p')
echo "Accepted; the receipt is at $receipt"
[ -n "$receipt" ]
while [ "$TRIES" -gt 0 ]; do
  told=$(curl -sS --fail-with-body -m 10 "$HUB$receipt") || true
  # The state of the event comes before those of its sinks.
  case ${told%%'"sinks"'*} in
    *'"state":"delivered"'*) echo "$told"; exit 0 ;;
    *'"state":"dead-lettered"'*) break ;;
  esac
  TRIES=$((TRIES - 1))
  sleep 1
done
echo "Not delivered: $told" >&2
exit 1
