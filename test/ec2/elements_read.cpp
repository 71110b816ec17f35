#include <string_view>

#include "every_verb.hpp"

namespace pitstop::ec2 {
namespace {

using Paths = std::vector<std::string>;

Paths below(std::string_view prefix, const Paths& paths) {
  Paths prefixed;
  for (const auto& path : paths) {
    prefixed.push_back(std::string(prefix) + path);
  }
  return prefixed;
}

Paths operator+(Paths left, const Paths& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

const Paths tag_elements = {"tagSet/item/key", "tagSet/item/value"};
const Paths page = {"nextToken"};

// instance_reader.cpp
const Paths instance = Paths{"instanceId",
                             "instanceState/code",
                             "instanceState/name",
                             "stateReason/code",
                             "stateReason/message",
                             "reason",
                             "instanceType",
                             "imageId",
                             "keyName",
                             "iamInstanceProfile/arn",
                             "instanceLifecycle",
                             "spotInstanceRequestId",
                             "operator/managed",
                             "operator/principal",
                             "blockDeviceMapping/item/deviceName",
                             "blockDeviceMapping/item/ebs/volumeId",
                             "blockDeviceMapping/item/ebs/deleteOnTermination",
                             "networkInterfaceSet/item/association/ipOwnerId",
                             "networkInterfaceSet/item/networkInterfaceId",
                             "networkInterfaceSet/item/subnetId",
                             "networkInterfaceSet/item/privateIpAddress",
                             "networkInterfaceSet/item/attachment/deviceIndex",
                             "placement/availabilityZone",
                             "placement/tenancy",
                             "placement/groupName",
                             "placement/hostId",
                             "vpcId",
                             "subnetId",
                             "privateIpAddress",
                             "ipAddress",
                             "groupSet/item/groupId",
                             "architecture",
                             "virtualizationType",
                             "hypervisor",
                             "bootMode",
                             "currentInstanceBootMode",
                             "tpmSupport",
                             "platformDetails",
                             "usageOperation",
                             "rootDeviceName",
                             "rootDeviceType",
                             "sriovNetSupport",
                             "kernelId",
                             "ramdiskId",
                             "enaSupport",
                             "ebsOptimized",
                             "cpuOptions/coreCount",
                             "cpuOptions/threadsPerCore",
                             "productCodes/item/productCode",
                             "sourceDestCheck",
                             "hibernationOptions/configured",
                             "enclaveOptions/enabled",
                             "monitoring/state",
                             "metadataOptions/httpTokens",
                             "metadataOptions/httpEndpoint",
                             "metadataOptions/httpPutResponseHopLimit",
                             "metadataOptions/instanceMetadataTags"} +
                       tag_elements;

const Paths state_change =
    below("instancesSet/item/", {"instanceId", "previousState/code", "previousState/name",
                                 "currentState/code", "currentState/name"});

// snapshots.cpp; which of <status> and <state> there is depends on the action.
const Paths new_snapshot =
    Paths{"snapshotId", "volumeId", "progress", "volumeSize", "startTime", "encrypted"} +
    tag_elements;

const Paths volume = Paths{"volumeId",
                           "size",
                           "volumeType",
                           "status",
                           "availabilityZone",
                           "kmsKeyId",
                           "snapshotId",
                           "iops",
                           "throughput",
                           "encrypted",
                           "multiAttachEnabled",
                           "attachmentSet/item/instanceId",
                           "attachmentSet/item/device",
                           "attachmentSet/item/status"} +
                     tag_elements;

const Paths image =
    Paths{"imageId",         "name",           "imageState",
          "platformDetails", "usageOperation", "blockDeviceMapping/item/ebs/snapshotId"} +
    tag_elements;

const Paths status_events = {"instanceId", "eventsSet/item/code", "eventsSet/item/description",
                             "eventsSet/item/notBefore"};

const Paths reservation =
    Paths{"capacityReservationId", "state", "availableInstanceCount"} + tag_elements;

}  // namespace

const std::map<std::string, std::vector<std::string>>& elements_read() {
  static const std::map<std::string, Paths> elements = {
      {"AssociateAddress", {}},
      {"AttachVolume", {}},
      {"CancelCapacityReservation", {}},
      {"CopySnapshot", {"snapshotId"}},
      {"CreateCapacityReservation", {"capacityReservation/capacityReservationId"}},
      {"CreateImage", {"imageId"}},
      {"CreateSnapshot", new_snapshot + Paths{"status", "statusMessage"}},
      {"CreateSnapshots", below("snapshotSet/item/", new_snapshot + Paths{"state"})},
      {"CreateTags", {}},
      {"CreateVolume", {"volumeId"}},
      {"DeleteSnapshot", {}},
      {"DeleteTags", {}},
      {"DeleteVolume", {}},
      {"DeregisterImage", {}},
      {"DescribeAddresses", below("addressesSet/item/", {"allocationId", "publicIp", "instanceId",
                                                         "networkInterfaceId"})},
      {"DescribeCapacityReservations", below("capacityReservationSet/item/", reservation) + page},
      {"DescribeImages", below("imagesSet/item/", image) + page},
      {"DescribeInstanceAttribute",
       {"disableApiStop/value", "disableApiTermination/value",
        "instanceInitiatedShutdownBehavior/value", "userData/value"}},
      {"DescribeInstances", below("reservationSet/item/instancesSet/item/", instance) + page},
      {"DescribeInstanceStatus", below("instanceStatusSet/item/", status_events) + page},
      {"DescribeInstanceTypes",
       below("instanceTypeSet/item/", {"instanceType", "bareMetal", "instanceStorageSupported"}) +
           page},
      {"DescribeSpotInstanceRequests",
       below("spotInstanceRequestSet/item/", {"spotInstanceRequestId", "type"}) + page},
      {"DescribeSnapshots",
       below("snapshotSet/item/", new_snapshot + Paths{"status", "statusMessage"}) + page},
      {"DescribeVolumes", below("volumeSet/item/", volume) + page},
      {"DetachVolume", {}},
      {"ModifyInstanceAttribute", {}},
      {"RegisterImage", {"imageId"}},
      {"RunInstances", below("instancesSet/item/", instance)},
      {"StartInstances", state_change},
      {"StopInstances", state_change},
  };
  return elements;
}

}  // namespace pitstop::ec2
