"""What a server, and the account that pays for it, must look like when all is over."""

TAGS_OF_AN_OUTAGE = ("pitstop:down", "pitstop:rotation")
TAGS_OF_A_COMING_VOLUME = ("pitstop:swapped-in", "pitstop:swapped-in-place")


def everything(state, key):
    return [thing for region in state["regions"].values() for thing in region[key]]


def left_of_servers(mode, state):
    ids = everything(state, "instances")
    for instance in ids[:1]:  # the one that is backed up: others are made of it
        expected = "stopped" if mode.found_stopped else "running"
        if instance["state"] != expected:
            yield f"{instance['instance_id']} is {instance['state']}"
    for instance in ids:
        for tag in TAGS_OF_AN_OUTAGE:
            if tag in instance["tags"]:
                yield f"{instance['instance_id']} has the tag {tag}"


def left_of_groups(state, before):
    for group in everything(state, "auto_scaling_groups"):
        for member in group["members"]:
            if member["lifecycle_state"] != "InService":
                yield f"{member['instance_id']} is {member['lifecycle_state']} in {group['name']}"
    registered = {group["name"]: len(group["targets"]) for group in everything(state, "target_groups")}
    for group in everything(before, "target_groups"):
        if registered[group["name"]] != len(group["targets"]):
            yield f"{group['name']} has {registered[group['name']]} targets, before {len(group['targets'])}"


def left_that_costs(state, truth):
    for schedule in everything(state, "schedules"):
        yield f"the schedule {schedule['name']} is there"
    for reservation in everything(state, "capacity_reservations"):
        if reservation["state"] not in ("cancelled", "expired"):
            yield f"{reservation['reservation_id']} is {reservation['state']}"
    for fast in truth["fast_restores"]:
        if fast["state"] not in ("disabled", "disabling"):
            yield f"fast snapshot restore of {fast['snapshot_id']} is {fast['state']}"
    for image in everything(state, "images"):
        if "pitstop:restored-from" in image["tags"]:
            yield f"{image['image_id']}, made for a restore, is there"


def left_of_volumes(mode, state):
    for volume in everything(state, "volumes"):
        tags = volume["tags"]
        for tag in TAGS_OF_A_COMING_VOLUME:
            if tag in tags:
                yield f"{volume['volume_id']} has the tag {tag}"
        kept = "pitstop:replaced-by" in tags or "pitstop:kept" in tags
        if not volume["attached_to"] and not kept and mode.name != "volumes-only":
            yield f"{volume['volume_id']} is attached to nothing"


def left_of_snapshots(state):
    """One of each volume by each run; what has primed is there only where it has become the backup itself."""
    seen = set()
    for snapshot in everything(state, "snapshots"):
        tags = snapshot["tags"]
        if snapshot["shared_with"]:
            yield f"{snapshot['snapshot_id']} is shared with {snapshot['shared_with']}"
        if tags.get("pitstop:prime") == "remove" or ("pitstop:prime" in tags and "pitstop:backup" not in tags):
            yield f"{snapshot['snapshot_id']} primes a backup, and is there"
            continue
        if "pitstop:run" not in tags:
            yield f"{snapshot['snapshot_id']} has no tags of pitstop"
            continue
        key = (tags["pitstop:run"], tags.get("pitstop:volume", snapshot["volume_id"]), snapshot["volume_id"])
        if key in seen:
            yield f"{snapshot['snapshot_id']} is a second one of {snapshot['volume_id']} by one run"
        seen.add(key)


def made_too_many(mode, state):
    there = [one for one in everything(state, "instances") if one["state"] != "terminated"]
    if len(there) > mode.servers:
        yield f"there are {len(there)} servers"


def left(mode, before, state, truth):
    """All that is not as it should be, a line each."""
    return [
        *left_of_servers(mode, state),
        *left_of_groups(state, before),
        *left_that_costs(state, truth),
        *left_of_volumes(mode, state),
        *left_of_snapshots(state),
        *made_too_many(mode, state),
    ]


def is_down(mode, state):
    return not mode.found_stopped and everything(state, "instances")[0]["state"] in ("stopping", "stopped")
