"""What Terraform's AWS provider does in the life of a server with a volume, an address, a snapshot and an image:
create with client tokens and tags, refresh all that it keeps, modify, destroy. ec2sim_terraform.py ENDPOINT"""

import uuid

from botocore.exceptions import ClientError
from ec2sim_client import client, page, specification, tags_of, the, wait

ec2 = client()
default_tags = {"managed-by": "terraform", "team": "shop"}


def instance(instance_id):
    return the(the(ec2.describe_instances(InstanceIds=[instance_id])["Reservations"])["Instances"])


def attribute(instance_id, name):
    answer = ec2.describe_instance_attribute(InstanceId=instance_id, Attribute=name)
    assert answer["InstanceId"] == instance_id
    return next(value for key, value in answer.items() if key.lower() == name.lower()).get("Value")


def expect_error(code, call, **parameters):
    try:
        call(**parameters)
    except ClientError as answer:
        assert answer.response["Error"]["Code"] == code, answer
        return
    raise AssertionError(f"expected {code}")


def newest_image():
    images = ec2.describe_images(Owners=["amazon"], Filters=[{"Name": "name", "Values": ["al2023-ami-*-x86_64"]}])
    return max(images["Images"], key=lambda image: image["CreationDate"])["ImageId"]


def create_instance():
    subnet = ec2.describe_subnets(Filters=[{"Name": "default-for-az", "Values": ["true"]}])["Subnets"][0]
    order = {
        "ImageId": newest_image(),
        "InstanceType": "t3.small",
        "MinCount": 1,
        "MaxCount": 1,
        "ClientToken": f"terraform-{uuid.uuid4().hex}",
        "SubnetId": subnet["SubnetId"],
        "EbsOptimized": True,
        "Monitoring": {"Enabled": False},
        "MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": "enabled"},
        "BlockDeviceMappings": [
            {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 12, "VolumeType": "gp3", "DeleteOnTermination": True}}
        ],
        "TagSpecifications": [
            specification("instance", Name="app", **default_tags),
            specification("volume", **default_tags),
        ],
    }
    made = the(ec2.run_instances(**order)["Instances"])
    again = the(ec2.run_instances(**order)["Instances"])
    assert again["InstanceId"] == made["InstanceId"], "the same client token is the same instance"
    wait(ec2, "instance_running", InstanceIds=[made["InstanceId"]])
    return made["InstanceId"]


def refresh_attributes(instance_id):
    assert attribute(instance_id, "disableApiTermination") is False
    assert attribute(instance_id, "disableApiStop") is False
    assert attribute(instance_id, "instanceInitiatedShutdownBehavior") == "stop"
    assert attribute(instance_id, "userData") is None
    credits = ec2.describe_instance_credit_specifications(InstanceIds=[instance_id])
    assert the(credits["InstanceCreditSpecifications"])["InstanceId"] == instance_id


def refresh_instance(instance_id):
    """All that the provider reads into its state."""
    seen = instance(instance_id)
    assert seen["State"]["Name"] == "running" and seen["InstanceType"] == "t3.small"
    assert tags_of(seen) == {"Name": "app", **default_tags}
    types = ec2.describe_instance_types(InstanceTypes=[seen["InstanceType"]])["InstanceTypes"]
    assert the(types)["InstanceType"] == "t3.small"
    drive = the(seen["BlockDeviceMappings"])
    volume = the(ec2.describe_volumes(VolumeIds=[drive["Ebs"]["VolumeId"]])["Volumes"])
    assert volume["Size"] == 12 and volume["State"] == "in-use" and tags_of(volume) == default_tags
    assert the(volume["Attachments"])["DeleteOnTermination"] is True
    refresh_attributes(instance_id)
    assert the(ec2.describe_vpcs(VpcIds=[seen["VpcId"]])["Vpcs"])
    assert the(ec2.describe_subnets(SubnetIds=[seen["SubnetId"]])["Subnets"])
    groups = [group["GroupId"] for group in seen["SecurityGroups"]]
    assert len(ec2.describe_security_groups(GroupIds=groups)["SecurityGroups"]) == len(groups)
    cards = ec2.describe_network_interfaces(Filters=[{"Name": "attachment.instance-id", "Values": [instance_id]}])
    assert the(cards["NetworkInterfaces"])["PrivateIpAddress"] == seen["PrivateIpAddress"]
    tags = ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [instance_id]}])["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"Name": "app", **default_tags}
    return seen


def create_volume(zone, instance_id):
    order = {
        "AvailabilityZone": zone,
        "Size": 20,
        "VolumeType": "gp3",
        "ClientToken": uuid.uuid4().hex,
        "TagSpecifications": [specification("volume", Name="data", **default_tags)],
    }
    volume_id = ec2.create_volume(**order)["VolumeId"]
    assert ec2.create_volume(**order)["VolumeId"] == volume_id, "the same client token is the same volume"
    wait(ec2, "volume_available", VolumeIds=[volume_id])
    ec2.attach_volume(VolumeId=volume_id, InstanceId=instance_id, Device="/dev/sdh")
    wait(ec2, "volume_in_use", VolumeIds=[volume_id])
    return volume_id


def create_address(instance_id):
    made = ec2.allocate_address(Domain="vpc", TagSpecifications=[specification("elastic-ip", **default_tags)])
    ec2.associate_address(AllocationId=made["AllocationId"], InstanceId=instance_id)
    seen = the(ec2.describe_addresses(AllocationIds=[made["AllocationId"]])["Addresses"])
    assert seen["InstanceId"] == instance_id and tags_of(seen) == default_tags
    assert instance(instance_id)["PublicIpAddress"] == made["PublicIp"]
    return seen


def create_snapshot(volume_id):
    made = ec2.create_snapshot(VolumeId=volume_id, TagSpecifications=[specification("snapshot", **default_tags)])
    wait(ec2, "snapshot_completed", SnapshotIds=[made["SnapshotId"]])
    return made["SnapshotId"]


def create_image(instance_id):
    image_id = ec2.create_image(
        InstanceId=instance_id,
        Name="app-1",
        NoReboot=True,
        TagSpecifications=[specification("image", **default_tags), specification("snapshot", **default_tags)],
    )["ImageId"]
    wait(ec2, "image_available", ImageIds=[image_id])
    image = the(ec2.describe_images(ImageIds=[image_id])["Images"])
    assert image["State"] == "available" and tags_of(image) == default_tags
    return image


def modify_instance(instance_id):
    ec2.create_tags(Resources=[instance_id], Tags=[{"Key": "team", "Value": "web"}, {"Key": "new", "Value": ""}])
    ec2.delete_tags(Resources=[instance_id], Tags=[{"Key": "managed-by"}])
    assert tags_of(instance(instance_id)) == {"Name": "app", "team": "web", "new": ""}
    ec2.modify_instance_attribute(InstanceId=instance_id, DisableApiStop={"Value": True})
    assert attribute(instance_id, "disableApiStop") is True
    expect_error("OperationNotPermitted", ec2.stop_instances, InstanceIds=[instance_id])
    ec2.modify_instance_attribute(InstanceId=instance_id, DisableApiStop={"Value": False})
    ec2.modify_instance_metadata_options(InstanceId=instance_id, HttpPutResponseHopLimit=3)
    assert instance(instance_id)["MetadataOptions"]["HttpPutResponseHopLimit"] == 3
    ec2.stop_instances(InstanceIds=[instance_id])
    wait(ec2, "instance_stopped", InstanceIds=[instance_id])
    ec2.modify_instance_attribute(InstanceId=instance_id, InstanceType={"Value": "t3.medium"})
    ec2.start_instances(InstanceIds=[instance_id])
    wait(ec2, "instance_running", InstanceIds=[instance_id])
    assert instance(instance_id)["InstanceType"] == "t3.medium"


def destroy_storage(instance_id, volume_id, snapshot_id, image):
    ec2.deregister_image(ImageId=image["ImageId"])
    for drive in image["BlockDeviceMappings"]:
        ec2.delete_snapshot(SnapshotId=drive["Ebs"]["SnapshotId"])
    ec2.delete_snapshot(SnapshotId=snapshot_id)
    expect_error("InvalidSnapshot.NotFound", ec2.describe_snapshots, SnapshotIds=[snapshot_id])
    ec2.detach_volume(VolumeId=volume_id, InstanceId=instance_id, Device="/dev/sdh")
    wait(ec2, "volume_available", VolumeIds=[volume_id])
    ec2.delete_volume(VolumeId=volume_id)
    wait(ec2, "volume_deleted", VolumeIds=[volume_id])


def destroy_instance(instance_id, address):
    ec2.disassociate_address(AssociationId=address["AssociationId"])
    ec2.release_address(AllocationId=address["AllocationId"])
    ec2.modify_instance_attribute(InstanceId=instance_id, DisableApiTermination={"Value": True})
    expect_error("OperationNotPermitted", ec2.terminate_instances, InstanceIds=[instance_id])
    ec2.modify_instance_attribute(InstanceId=instance_id, DisableApiTermination={"Value": False})
    ec2.terminate_instances(InstanceIds=[instance_id])
    wait(ec2, "instance_terminated", InstanceIds=[instance_id])


server = create_instance()
before = refresh_instance(server)
volume = create_volume(before["Placement"]["AvailabilityZone"], server)
elastic = create_address(server)
saved = create_snapshot(volume)
picture = create_image(server)
modify_instance(server)
destroy_storage(server, volume, saved, picture)
destroy_instance(server, elastic)

region = page("state")["regions"]["eu-central-1"]
assert [each["state"] for each in region["instances"]] == ["terminated"]
assert not any(region[kind] for kind in ("volumes", "snapshots", "images", "addresses")), region
