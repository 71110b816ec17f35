#include "cli/freeze_template.hpp"

#include <fmt/format.h>

#include "backup/freezing.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

// The watchdog is under way, in a session of its own, before anything is frozen. Whoever makes the
// directory "thawing" thaws, so that it happens once. A freeze that takes so long that the watchdog
// was there first thaws what it has frozen since; the watchdog goes on trying for five minutes
// where something cannot be thawed, for a freeze that was killed may still come true. A thaw that
// finds nothing frozen fails: then the snapshots may have come too late.
//
// What the agent itself may write to is never frozen, or it could not be told to thaw: whatever
// file system holds one of the paths in `system`.
constexpr std::string_view script = R"sh(set -u
state=/run/pitstop-freeze
longest=30
system="/ /boot /boot/efi /etc /usr /var /var/lib /var/lib/amazon /var/log /var/log/amazon /var/snap /tmp /run"

fail() { echo "$1" >&2; exit "$2"; }

is_ours() { [ "$(cat "$state/backup" 2>/dev/null)" = "{{ Backup }}" ]; }

source_of() { findmnt -ulno SOURCE -T "$1" 2>/dev/null | sed 's/\[.*//'; }

belongs_to_the_system() {
  for path in $system; do
    [ "$1" = "$(source_of "$path")" ] && return 0
  done
  return 1
}

# The last one frozen is the first one thawed.
thaw_once() {
  left=0
  tac "$state/mounts" > "$state/order"
  while read -r mount; do
    fsfreeze -u "$mount" || left=1
  done < "$state/order"
  return $left
}

give_up() {
  mkdir "$state/thawing" 2>/dev/null && thaw_once && rm -rf "$state"
  fail "$1" "$2"
}

start_watchdog() {
  cat > "$state/watchdog" <<END
sleep $longest
mkdir $state/thawing || exit 0
for try in \$(seq 150); do
  left=0
  tac $state/mounts > $state/order
  while read -r mount; do
    fsfreeze -u "\$mount" || left=1
  done < $state/order
  [ \$left = 0 ] && break
  sleep 2
done
rm -rf $state
END
  setsid sh "$state/watchdog" >/dev/null 2>&1 </dev/null &
}

freeze() {
  if ! mkdir -m 700 "$state" 2>/dev/null; then
    is_ours && [ -f "$state/frozen" ] || fail "another freeze is going on" 21
    cat "$state/frozen"
    return
  fi
  echo "{{ Backup }}" > "$state/backup"
  : > "$state/mounts"
  start_watchdog
  sync
  findmnt -ulno SOURCE,TARGET -t ext2,ext3,ext4,xfs,btrfs | tac > "$state/found"
  seen=" "
  while read -r source mount; do
    source=${source%%\[*}
    case "$seen" in *" $source "*) continue ;; esac
    seen="$seen$source "
    belongs_to_the_system "$source" && continue
    echo "$mount" >> "$state/mounts"
    if ! fsfreeze -f "$mount"; then
      sed -i '$d' "$state/mounts"
      give_up "$mount cannot be frozen" 22
    fi
    if [ ! -d "$state" ] || [ -d "$state/thawing" ]; then
      fsfreeze -u "$mount"
      fail "freezing took longer than $longest s" 23
    fi
  done < "$state/found"
  [ -s "$state/mounts" ] || give_up "there is no data file system: all belong to the system" 24
  cp "$state/mounts" "$state/frozen"
  cat "$state/frozen"
}

thaw() {
  is_ours && mkdir "$state/thawing" 2>/dev/null || fail "it is not frozen any more" 25
  if ! thaw_once; then
    rmdir "$state/thawing"
    fail "something else has thawed it, or it does not thaw" 26
  fi
  rm -rf "$state"
}

{{ Action }}
)sh";

constexpr std::string_view head = R"(AWSTemplateFormatVersion: "2010-09-09"
Description: >-
  The document by which pitstop backup --online --freeze freezes the data file systems of a server for
  the moment in which its snapshots begin. They thaw by themselves after 30 seconds, whatever
  happens. The root, and what the SSM agent writes to, is never frozen. One stack in each region.

Resources:
  FreezeDocument:
    Type: AWS::SSM::Document
    Properties:
      Name: )";

constexpr std::string_view before_script = R"(
      DocumentType: Command
      DocumentFormat: YAML
      TargetType: /AWS::EC2::Instance
      UpdateMethod: NewVersion
      Content:
        schemaVersion: "2.2"
        description: Freezes and thaws the data file systems, for pitstop
        parameters:
          Action:
            type: String
            description: What to do
            allowedValues:
              - freeze
              - thaw
          Backup:
            type: String
            description: For which backup
            allowedPattern: ^b-[0-9a-f]{12}$
        mainSteps:
          - action: aws:runShellScript
            name: freeze
            precondition:
              StringEquals:
                - platformType
                - Linux
            inputs:
              timeoutSeconds: "60"
              runCommand:
                - |
)";

constexpr std::string_view indent = "                  ";

}  // namespace

std::string_view freeze_script() {
  return script;
}

std::string freeze_template() {
  std::string text = fmt::format("{}{}{}", head, freeze_document, before_script);
  for (const auto line : split(trimmed(script), '\n')) {
    text += line.empty() ? "\n" : fmt::format("{}{}\n", indent, line);
  }
  return text;
}

}  // namespace pitstop
