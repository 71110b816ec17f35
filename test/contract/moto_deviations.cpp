#include "contract/moto_deviations.hpp"

#include <array>

namespace pitstop::test {
namespace {

constexpr auto attach = "which volume is where, and in what state, is not looked at";
constexpr auto dropped = "RegisterImage keeps a name and little more";
constexpr auto excluded = "ExcludeDataVolumeId is ignored";
constexpr auto no_limits = "there are no limits";
constexpr auto no_states = "the state of a server is not looked at";
constexpr auto no_time = "nothing takes time";
constexpr auto not_done = "not implemented: an HTML page";
constexpr auto not_told = "the element is missing or empty";
constexpr auto params = "parameters that it does not know, or lacks, are passed over";
constexpr auto tags = "only the number of tags is looked at";
constexpr auto tokens = "client tokens are ignored";

// In the order of a run.
constexpr std::array table = std::to_array<Deviation>({
    {"KeepsElasticAddresses", "a started server has its elastic address again",
     "a start draws a new address, whatever is associated"},
    {"MovesElasticAddresses", "an elastic address moves to another server",
     "the server that it is taken from goes on showing it"},
    {"AssociatesNoAddressTooEarly", "a pending server gets no elastic address", no_time},
    {"ChangesPassingAddresses", "a passing address is told from an elastic one",
     "every address is told to be the account's"},
    {"ReservesCapacity", "CreateCapacityReservation works", not_done},
    {"ReservesForRunningServers", "CreateCapacityReservation works", not_done},
    {"CancelsNoUnknownReservation", "an unknown reservation is not cancelled", not_done},
    {"RefusesMalformedIds", "a malformed id is not described", "any text may be an id"},
    {"RefusesMalformedIds", "a malformed id is not started", "any text may be an id"},
    {"RefusesMalformedIds", "a malformed id is not stopped", "any text may be an id"},
    {"RefusesUnknownFilters", "an unknown filter of servers is refused",
     "refused by an HTML page, and only if there is something to filter"},
    {"RefusesUnknownFilters", "an unknown filter of snapshots is refused",
     "refused by an HTML page, and only if there is something to filter"},
    {"RefusesUnknownFilters", "an unknown filter of volumes is refused",
     "refused by an HTML page, and only if there is something to filter"},
    {"LimitsFilters", "a filter takes no more than 200 values", no_limits},
    {"RefusesWhatCannotBePaged", "a made-up token of a page is refused", not_done},
    {"DryRunsOfQuestionsAnswerToo", "DescribeSnapshots: a dry run answers that it would work",
     "DryRun is ignored here"},
    {"MakesImages", "CreateImage works",
     "tags for the snapshots of an image are answered with an HTML page"},
    {"LeavesVolumesOutOfImages", "an image has no snapshot of a volume that is left out",
     "an image has one snapshot, of a new volume, whatever its server has"},
    {"RegistersImages", "a name is registered once", dropped},
    {"RegistersImages", "a registered image has its tags", dropped},
    {"RegistersImages", "a registered image is for the machine that was given", dropped},
    {"RegistersImages", "a registered image stands on the snapshots that were given", dropped},
    {"RefusesImagesOfNothing", "an image of a pending snapshot is refused", no_time},
    {"RefusesImagesOfNothing", "an image of an unknown snapshot is refused", dropped},
    {"LaunchesFromRegisteredImages", "a server has its volumes where its image says", dropped},
    {"LaunchesFromRegisteredImages", "a server has the volumes of its image", dropped},
    {"TakesImagesBack", "a deregistered image launches nothing",
     "an image is not looked at when a server is launched"},
    {"TakesImagesBack", "a snapshot that an image stands on is not deleted", dropped},
    {"RefusesSchedulesWithoutAForm", "a name that is too long is refused", "any text is a name"},
    {"TellsWhatAServerIs", "EC2 tells a server's platform", not_told},
    {"TellsWhatAServerIs", "EC2 tells a server's processors", not_told},
    {"TellsWhatAServerIs", "EC2 tells a server's security groups", not_told},
    {"TellsWhatAServerIs", "EC2 tells how a server was booted", not_told},
    {"TellsWhatAServerIs", "EC2 tells what a server's usage is billed as", not_told},
    {"TellsWhatAServerIs", "EC2 tells whether a server has enhanced networking", not_told},
    {"LaunchesOnceByToken", "the same token for another server is refused", tokens},
    {"LaunchesOnceByToken", "the same token never launches a second server", tokens},
    {"LaunchesOnceByToken", "the token of a terminated server launches nothing", tokens},
    {"TellsAttributes", "a launch template after a server has its termination protection",
     "RunInstances drops termination protection"},
    {"TellsAttributes", "a protected server is not terminated",
     "RunInstances drops termination protection"},
    {"TellsAttributes", "termination protection is kept",
     "RunInstances drops termination protection"},
    {"SnapshotsOneVolume", "CreateSnapshot answers that it is pending", no_time},
    {"FindsSnapshots", "pending snapshots are not found among the completed ones", no_time},
    {"RefusesUnknownSnapshots", "the refusal names the unknown snapshot", "the message is empty"},
    {"PagesSnapshots", "a page of snapshots is no longer than asked for",
     "MaxResults is ignored here"},
    {"CopiesSnapshots", "a copy is of no volume that there is", "a copy keeps its source's volume"},
    {"CopiesSnapshots", "a pending snapshot is not copied", no_time},
    {"SnapshotsAllVolumesAtOnce", "a new snapshot is not complete", no_time},
    {"SnapshotsAllVolumesAtOnce", "a new snapshot is pending",
     "CreateSnapshots answers without a state"},
    {"LeavesOutDataVolumes", "a data volume can be left out", excluded},
    {"TakesNoRootForADataVolume", "a refused set leaves no snapshot", excluded},
    {"TakesNoRootForADataVolume", "the root volume cannot be left out as a data volume", excluded},
    {"CompletesSnapshots", "a pending snapshot shows less than 100 %", no_time},
    {"CompletesSnapshots", "a snapshot is shown as pending at first", no_time},
    {"SpacesSnapshotsOfAVolume", "15 seconds must pass between two snapshots of a volume",
     no_limits},
    {"SnapshotsAllOrNone", "a set is refused for one volume that may not have a snapshot",
     no_limits},
    {"SnapshotsAllOrNone", "a refused set leaves no snapshot of the other volumes", no_limits},
    {"LimitsPendingSnapshots", "a volume has no more than 5 pending snapshots", no_limits},
    {"StopsAServer", "a server that shuts down is shown as stopping", no_time},
    {"StopsAServer", "a stop of a stopped server leaves it stopped",
     "a stop always answers stopping"},
    {"StopsAServer", "a stop of a stopping server leaves it stopping",
     "a stop always answers stopping"},
    {"StartsAServer", "a server that comes up is shown as pending", no_time},
    {"StartsAServer", "a start of a running server leaves it running",
     "a start always answers pending"},
    {"StartsNoServerThatIsStopping", "a refused start lets it stop", no_time},
    {"StartsNoServerThatIsStopping", "a stopping server is not started", no_time},
    {"StopsNoServerThatIsPending", "a refused stop lets it come up", no_time},
    {"StopsNoServerThatIsPending", "a server that has never run is not stopped", no_time},
    {"LeavesTheTerminatedAlone", "a terminated server is not started", no_states},
    {"LeavesTheTerminatedAlone", "a terminated server is not stopped", no_states},
    {"LeavesTheTerminatedAlone", "a terminated server stays terminated", no_states},
    {"StartsAllOrNone", "a refused start starts none of them", no_states},
    {"StartsAllOrNone", "a start of a terminated server among others is refused", no_states},
    {"StartsNoServerWithoutARoot", "a server without its root volume is not started", no_states},
    {"RefusesWrongTags", "a key of 129 characters is refused", tags},
    {"RefusesWrongTags", "a tag of Amazon's (aws:) is refused", tags},
    {"RefusesWrongTags", "a value of 257 characters is refused", tags},
    {"RefusesWrongTags", "a wrong tag keeps the others from being set", tags},
    {"LimitsTagsOfNewThings", "a snapshot whose tags are refused is not made",
     "tags are looked at when it is made"},
    {"LimitsTagsOfNewThings", "a tag of Amazon's (aws:) on a new snapshot is refused", tags},
    {"MakesVolumesFromSnapshots", "the same token never makes a second volume", tokens},
    {"RefusesWrongVolumes", "a pending snapshot makes no volume", no_time},
    {"RefusesWrongVolumes", "a volume smaller than its snapshot is refused",
     "size and zone are not looked at"},
    {"RefusesWrongVolumes", "there is no volume in an unknown zone",
     "size and zone are not looked at"},
    {"AttachesVolumes", "a busy device takes no second volume", attach},
    {"AttachesVolumes", "a volume in use is not attached to another server", attach},
    {"AttachesNothingTooEarly", "a pending server gets no volume attached", no_time},
    {"AttachesNothingAcrossZones", "a volume of another zone is not attached", attach},
    {"DetachesNoRootOfARunningServer", "a running server keeps its root volume", attach},
    {"DetachesNoRootOfARunningServer", "the root volume of a running server is not detached",
     attach},
    {"DetachesVolumes", "a volume is not detached twice",
     "the code is InvalidAttachment.NotFound, which EC2 has for a volume of another server"},
    {"AnswersInXml", "an answer names EC2's namespace", "the slash at its end is missing"},
    {"AnswersInXml", "no two answers have the same request id", "it is always request-id"},
    {"RefusesUnknownActions", "an unknown action is refused as EC2 refuses", not_done},
    {"RefusesWrongParameters", "a missing parameter is refused", params},
    {"RefusesWrongParameters", "an unknown parameter is refused", params},
    {"RefusesWrongParameters", "names of parameters have their upper and lower case", params},
});

}  // namespace

std::span<const Deviation> moto_deviations() {
  return table;
}

}  // namespace pitstop::test
