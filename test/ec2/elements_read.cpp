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
const Paths page_elements = {"nextToken"};

// instance_reader.cpp
const Paths interface_elements = {"association/ipOwnerId",
                                  "association/customerOwnedIp",
                                  "networkInterfaceId",
                                  "subnetId",
                                  "interfaceType",
                                  "privateIpAddress",
                                  "privateIpAddressesSet/item/privateIpAddress",
                                  "privateIpAddressesSet/item/association/publicIp",
                                  "ipv6AddressesSet/item/ipv6Address",
                                  "ipv6AddressesSet/item/isPrimaryIpv6",
                                  "ipv4PrefixSet/item/ipv4Prefix",
                                  "ipv6PrefixSet/item/ipv6Prefix",
                                  "attachment/deviceIndex",
                                  "attachment/deleteOnTermination",
                                  "attachment/enaQueueCount",
                                  "attachment/enaSrdSpecification/enaSrdEnabled",
                                  "attachment/enaSrdSpecification/enaSrdUdpSpecification/"
                                  "enaSrdUdpEnabled",
                                  "connectionTrackingConfiguration/tcpEstablishedTimeout",
                                  "connectionTrackingConfiguration/udpStreamTimeout",
                                  "connectionTrackingConfiguration/udpTimeout"};

const Paths instance_elements = Paths{"instanceId",
                                      "instanceState/code",
                                      "instanceState/name",
                                      "stateReason/code",
                                      "stateReason/message",
                                      "reason",
                                      "launchTime",
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
                                      "blockDeviceMapping/item/ebs/ebsCardIndex",
                                      "secondaryInterfaceSet/item/secondaryInterfaceId",
                                      "capacityReservationSpecification/"
                                      "capacityReservationPreference",
                                      "capacityReservationSpecification/capacityReservationTarget/"
                                      "capacityReservationId",
                                      "capacityReservationSpecification/capacityReservationTarget/"
                                      "capacityReservationResourceGroupArn",
                                      "licenseSet/item/licenseConfigurationArn",
                                      "privateDnsNameOptions/hostnameType",
                                      "privateDnsNameOptions/enableResourceNameDnsARecord",
                                      "privateDnsNameOptions/enableResourceNameDnsAAAARecord",
                                      "maintenanceOptions/autoRecovery",
                                      "maintenanceOptions/rebootMigration",
                                      "networkPerformanceOptions/bandwidthWeighting",
                                      "placement/partitionNumber",
                                      "placement/hostResourceGroupArn",
                                      "cpuOptions/amdSevSnp",
                                      "cpuOptions/nestedVirtualization",
                                      "metadataOptions/httpProtocolIpv6",
                                      "placement/availabilityZone",
                                      "placement/tenancy",
                                      "placement/groupName",
                                      "placement/hostId",
                                      "outpostArn",
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
                                below("networkInterfaceSet/item/", interface_elements) +
                                tag_elements;

const Paths state_change_elements =
    below("instancesSet/item/", {"instanceId", "previousState/code", "previousState/name",
                                 "currentState/code", "currentState/name"});

// snapshots.cpp; which of <status> and <state> there is depends on the action.
const Paths new_snapshot_elements = Paths{"snapshotId", "volumeId",  "ownerId",   "progress",
                                          "volumeSize", "startTime", "encrypted", "description"} +
                                    tag_elements;

const Paths volume_elements = Paths{"volumeId",
                                    "size",
                                    "volumeType",
                                    "status",
                                    "availabilityZone",
                                    "kmsKeyId",
                                    "snapshotId",
                                    "createTime",
                                    "iops",
                                    "throughput",
                                    "encrypted",
                                    "multiAttachEnabled",
                                    "fastRestored",
                                    "attachmentSet/item/instanceId",
                                    "attachmentSet/item/device",
                                    "attachmentSet/item/status"} +
                              tag_elements;

const Paths image_elements = Paths{"imageId",
                                   "name",
                                   "description",
                                   "imageState",
                                   "creationDate",
                                   "platformDetails",
                                   "usageOperation",
                                   "blockDeviceMapping/item/deviceName",
                                   "blockDeviceMapping/item/ebs/snapshotId"} +
                             tag_elements;

const Paths status_events_elements = {"instanceId", "eventsSet/item/code",
                                      "eventsSet/item/description", "eventsSet/item/notBefore"};

const Paths refused_fast_restore_elements =
    below("unsuccessful/item/", {"snapshotId", "fastSnapshotRestoreStateErrorSet/item/error/code",
                                 "fastSnapshotRestoreStateErrorSet/item/error/message"});

const Paths reservation_elements =
    Paths{"capacityReservationId", "state",      "availableInstanceCount",
          "totalInstanceCount",    "createDate", "endDate"} +
    tag_elements;

}  // namespace

const std::map<std::string, std::vector<std::string>>& elements_read() {
  static const std::map<std::string, Paths> elements = {
      {"AssociateAddress", {}},
      {"AttachVolume", {}},
      {"CancelCapacityReservation", {}},
      {"CopyImage", {"imageId"}},
      {"CopySnapshot", {"snapshotId"}},
      {"CreateCapacityReservation", {"capacityReservation/capacityReservationId"}},
      {"CreateImage", {"imageId"}},
      {"CreateSnapshot", new_snapshot_elements + Paths{"status", "statusMessage"}},
      {"CreateSnapshots", below("snapshotSet/item/", new_snapshot_elements + Paths{"state"})},
      {"CreateTags", {}},
      {"CreateVolume", {"volumeId"}},
      {"DeleteSnapshot", {}},
      {"DeleteTags", {}},
      {"DeleteVolume", {}},
      {"DeregisterImage", {}},
      {"DescribeAddresses", below("addressesSet/item/", {"allocationId", "publicIp", "instanceId",
                                                         "networkInterfaceId"})},
      {"DescribeCapacityReservations",
       below("capacityReservationSet/item/", reservation_elements) + page_elements},
      {"DescribeFastSnapshotRestores",
       below("fastSnapshotRestoreSet/item/",
             {"snapshotId", "availabilityZone", "state", "optimizingTime", "enabledTime"}) +
           page_elements},
      {"DescribeImages", below("imagesSet/item/", image_elements) + page_elements},
      {"DescribeInstanceAttribute",
       {"disableApiStop/value", "disableApiTermination/value",
        "instanceInitiatedShutdownBehavior/value", "userData/value"}},
      {"GetInstanceUefiData", {"uefiData"}},
      {"GetLaunchTemplateData",
       below("launchTemplateData/",
             {"disableApiStop", "disableApiTermination", "instanceInitiatedShutdownBehavior",
              "creditSpecification/cpuCredits"})},
      {"DescribeInstanceCreditSpecifications",
       below("instanceCreditSpecificationSet/item/", {"cpuCredits"}) + page_elements},
      {"DescribePlacementGroups",
       below("placementGroupSet/item/", {"groupName", "groupArn", "strategy"})},
      {"DescribeInstances",
       below("reservationSet/item/instancesSet/item/", instance_elements) + page_elements},
      {"DescribeInstanceStatus",
       below("instanceStatusSet/item/", status_events_elements) + page_elements},
      {"DescribeInstanceTypes",
       below("instanceTypeSet/item/",
             {"instanceType", "bareMetal", "instanceStorageSupported", "vCpuInfo/defaultCores",
              "vCpuInfo/defaultThreadsPerCore", "burstablePerformanceSupported",
              "ebsInfo/maximumEbsAttachments", "ebsInfo/attachmentLimitType"}) +
           page_elements},
      {"DescribeLockedSnapshots",
       below("snapshotSet/item/", {"snapshotId", "lockState"}) + page_elements},
      {"DescribeSnapshotAttribute", {"createVolumePermission/item/userId"}},
      {"DescribeSpotInstanceRequests",
       below("spotInstanceRequestSet/item/", {"spotInstanceRequestId", "type"}) + page_elements},
      {"DescribeSnapshots",
       below("snapshotSet/item/",
             new_snapshot_elements +
                 Paths{"status", "statusMessage", "storageTier", "restoreExpiryTime"}) +
           page_elements},
      {"DescribeSubnets", below("subnetSet/item/", {"availabilityZone"}) + page_elements},
      {"DescribeVolumes", below("volumeSet/item/", volume_elements) + page_elements},
      {"DetachVolume", {}},
      {"DisableFastSnapshotRestores", refused_fast_restore_elements},
      {"EnableFastSnapshotRestores", refused_fast_restore_elements},
      {"ModifyInstanceAttribute", {}},
      {"ModifySnapshotAttribute", {}},
      {"RegisterImage", {"imageId"}},
      {"RunInstances", below("instancesSet/item/", instance_elements)},
      {"StartInstances", state_change_elements},
      {"StopInstances", state_change_elements},
  };
  return elements;
}

}  // namespace pitstop::ec2
