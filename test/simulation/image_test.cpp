// --method image, before the simulated EC2.

#include "backup/imaging.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/cloud/images.hpp"
#include "simulation/crashes.hpp"

namespace pitstop::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class ImageInTheCloud : public testing::Test {
 protected:
  void begin(sim::Scenario scenario = one_quick_server()) { world.emplace(std::move(scenario)); }

  VolumeId volume_at(const std::string& device) {
    const auto& attachments = world->region().instances.begin()->second.attachments;
    return std::ranges::find(attachments, device, &sim::Attachment::device)->volume;
  }

  BackupOutcome back_up(BackupOptions options = {}) {
    options.method = Method::image;
    return world->back_up(std::move(options))->front();
  }

  void expect_one_good_image(const BackupOutcome& outcome,
                             const std::string& consistency = "at-rest") {
    EXPECT_EQ(outcome.outcome, Outcome::completed) << (outcome.error ? outcome.error->message : "");
    ASSERT_THAT(world->region().images, SizeIs(1));
    const auto& [id, image] = *world->region().images.begin();
    EXPECT_EQ(outcome.image, id);
    EXPECT_EQ(sim::image_state(world->region(), image, world->time.now()), "available");
    EXPECT_EQ(image.tags.at("pitstop:backup"), outcome.backup.str());
    EXPECT_EQ(image.tags.at("pitstop:consistency"), consistency);
    EXPECT_EQ(image.volumes.size(), outcome.snapshots.size());
    EXPECT_EQ(world->region().snapshots.size(), outcome.snapshots.size());
    EXPECT_THAT(left_after_recovery(*world), IsEmpty());
  }

  std::optional<SimulatedWorld> world;
};

TEST_F(ImageInTheCloud, HoldsAllVolumesAndTheServerIsUpBeforeItIsMade) {
  begin();
  const auto outcome = back_up();
  expect_one_good_image(outcome);
  EXPECT_THAT(outcome.snapshots, SizeIs(2));
  EXPECT_LT(*outcome.downtime, Seconds(30));
  EXPECT_EQ(world->simulator.calls("CreateSnapshots"), 0);
  EXPECT_EQ(world->simulator.calls("CreateImage"), 1);
}

TEST_F(ImageInTheCloud, IsOneOnlyWhateverBecomesOfTheCall) {
  for (const auto kind :
       {sim::FaultKind::lost_reply, sim::FaultKind::lost_request, sim::FaultKind::late,
        sim::FaultKind::internal_error, sim::FaultKind::cut_reply, sim::FaultKind::html_page}) {
    auto scenario = one_quick_server();
    scenario.faults.scripted = {{.action = "CreateImage", .nth = 1, .kind = kind}};
    begin(scenario);
    expect_one_good_image(back_up());
    EXPECT_THAT(world->faults.unused(), IsEmpty());
  }
}

TEST_F(ImageInTheCloud, ThatIsNeverAnsweredIsGivenUpSoon) {
  for (const auto kind : {sim::FaultKind::lost_request, sim::FaultKind::unavailable,
                          sim::FaultKind::html_page, sim::FaultKind::denied}) {
    auto scenario = one_quick_server();
    scenario.faults.scripted = {{.action = "CreateImage", .nth = 1, .times = 1000, .kind = kind}};
    begin(scenario);
    const auto outcome = back_up();
    EXPECT_EQ(outcome.outcome, Outcome::failed);
    EXPECT_LE(world->simulator.calls("CreateImage"), 2);
    EXPECT_LT(*outcome.downtime, std::chrono::minutes(3)) << sim::to_string(kind);
    EXPECT_THAT(left_after_recovery(*world), IsEmpty());
  }
}

TEST_F(ImageInTheCloud, IsThereOnceWhateverItsAnswerSays) {
  for (const auto* code : {"ValidationError", "OptInRequired", "RequestLimitExceeded",
                           "InternalError", "NobodyKnowsThisCode"}) {
    for (const int status : {400, 503}) {
      auto scenario = one_quick_server();
      scenario.faults.scripted = {{.action = "CreateImage",
                                   .kind = sim::FaultKind::false_refusal,
                                   .code = code,
                                   .status = status}};
      begin(scenario);
      expect_one_good_image(back_up());
    }
  }
}

TEST_F(ImageInTheCloud, LeavesOutWhatIsExcluded) {
  begin();
  const auto outcome = back_up({.exclude_volumes = {volume_at("/dev/sdf")}});
  expect_one_good_image(outcome);
  EXPECT_THAT(outcome.snapshots, SizeIs(1));
}

TEST_F(ImageInTheCloud, IsNotWithoutTheRoot) {
  begin();
  const auto outcome = back_up({.exclude_volumes = {volume_at("/dev/xvda")}});
  EXPECT_EQ(outcome.outcome, Outcome::refused);
  EXPECT_THAT(outcome.error->message, HasSubstr("without its root volume"));
  EXPECT_EQ(world->simulator.calls("StopInstances"), 0);
}

TEST_F(ImageInTheCloud, WhoMayNotMakeItDoesNotStopTheServer) {
  auto scenario = one_quick_server();
  scenario.denied_actions = {"CreateImage"};
  begin(scenario);
  const auto outcome = back_up();
  EXPECT_EQ(outcome.outcome, Outcome::refused);
  EXPECT_EQ(outcome.error->kind, ErrorKind::forbidden);
  EXPECT_THAT(outcome.error->message, HasSubstr("CreateImage"));
  EXPECT_EQ(world->simulator.calls("StopInstances"), 0);
}

TEST_F(ImageInTheCloud, AServerThatWasFoundStoppedIsLeftStopped) {
  auto scenario = one_quick_server();
  scenario.servers.front().stopped = true;
  begin(scenario);
  expect_one_good_image(back_up(), "crash");
  EXPECT_EQ(world->simulator.calls("StartInstances"), 0);
}

}  // namespace
}  // namespace pitstop::test
