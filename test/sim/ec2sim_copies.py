"""Copies to another region by boto3, which presigns them itself: ec2sim_copies.py ENDPOINT."""

from ec2sim_client import client, specification, tags_of, the, wait

near = client("us-east-1")
far = client("eu-west-1")


def described(ec2, snapshot_id):
    return the(ec2.describe_snapshots(SnapshotIds=[snapshot_id])["Snapshots"])


def snapshot_of_a_new_volume(encrypted):
    volume = near.create_volume(AvailabilityZone="us-east-1a", Size=1, Encrypted=encrypted)["VolumeId"]
    snapshot_id = near.create_snapshot(VolumeId=volume)["SnapshotId"]
    wait(near, "snapshot_completed", SnapshotIds=[snapshot_id])
    return snapshot_id


def copy_an_encrypted_snapshot():
    source = snapshot_of_a_new_volume(encrypted=True)
    copy = far.copy_snapshot(
        SourceRegion="us-east-1",
        SourceSnapshotId=source,
        Description="far away & safe",
        TagSpecifications=[specification("snapshot", run="r-1")],
    )["SnapshotId"]
    wait(far, "snapshot_completed", SnapshotIds=[copy])
    copied = described(far, copy)
    assert copied["Encrypted"] and copied["KmsKeyId"] != described(near, source)["KmsKeyId"]
    assert copied["VolumeId"] == "vol-ffffffff" and copied["Description"] == "far away & safe"
    assert tags_of(copied) == {"run": "r-1"}


def share_a_snapshot():
    shared = {"SnapshotId": snapshot_of_a_new_volume(encrypted=False), "Attribute": "createVolumePermission"}
    near.modify_snapshot_attribute(OperationType="add", UserIds=["222222222222", "333333333333"], **shared)
    near.modify_snapshot_attribute(CreateVolumePermission={"Remove": [{"UserId": "333333333333"}]}, **shared)
    accounts = near.describe_snapshot_attribute(**shared)["CreateVolumePermissions"]
    assert accounts == [{"UserId": "222222222222"}], accounts


def copy_an_image():
    found = near.describe_instances(Filters=[{"Name": "tag:Name", "Values": ["web-1"]}])
    server = the(the(found["Reservations"])["Instances"])["InstanceId"]
    source = near.create_image(
        InstanceId=server, Name="nightly", NoReboot=True, TagSpecifications=[specification("image", run="r-1")]
    )["ImageId"]
    wait(near, "image_available", ImageIds=[source])
    asked = {"SourceRegion": "us-east-1", "SourceImageId": source, "Name": "far nightly", "ClientToken": "t"}
    copy = far.copy_image(CopyImageTags=True, **asked)["ImageId"]
    assert far.copy_image(CopyImageTags=True, **asked)["ImageId"] == copy
    wait(far, "image_available", ImageIds=[copy])
    copied = the(far.describe_images(ImageIds=[copy])["Images"])
    assert copied["Name"] == "far nightly" and tags_of(copied) == {"run": "r-1"}
    device = the(copied["BlockDeviceMappings"])
    assert device["Ebs"]["VolumeSize"] == 8
    description = described(far, device["Ebs"]["SnapshotId"])["Description"]
    assert description.startswith(f"Copied for DestinationAmi {copy} from SourceAmi {source} for"), description


copy_an_encrypted_snapshot()
share_a_snapshot()
copy_an_image()
