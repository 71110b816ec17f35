#include "report/restore_records.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "report/columns.hpp"
#include "report/id_texts.hpp"
#include "report/json_lines.hpp"
#include "report/wording.hpp"

namespace pitstop {
namespace {

std::string kind_text(const RestoreRecord& record) {
  if (!record.kind) {
    return "unknown";
  }
  switch (*record.kind) {
    case RestoreKind::new_server:
      return "new server";
    case RestoreKind::volumes:
      return "volumes";
    case RestoreKind::in_place:
      return "in place";
    case RestoreKind::rollback:
      return "rollback";
  }
  return "unknown";
}

std::string time_text(const RestoreRecord& record) {
  return record.made_at ? minute(*record.made_at) : "-";
}

std::string gib(ec2::Gibibytes size) {
  return fmt::format("{} GiB", static_cast<std::int64_t>(size));
}

std::string place_of(const ec2::Volume& volume) {
  if (volume.attachments.empty()) {
    return "attached to nothing";
  }
  const auto& attachment = volume.attachments.front();
  return fmt::format("attached to {} as {}", attachment.instance.str(),
                     printable(attachment.device));
}

std::vector<std::string> ids_of(const FinishPlan& plan) {
  std::vector<std::string> ids;
  for (const auto& volume : plan.deletes) {
    ids.push_back(volume.id.str());
  }
  return ids;
}

/// What can be done about it, and why one should.
std::string advice(const RestoreRecord& record) {
  std::string text;
  const auto& id = record.restore.str();
  if (!record.kept.empty()) {
    text += fmt::format("  pitstop rollback {} attaches the replaced volumes again\n", id);
  }
  const auto plan = plan_finish(record);
  if (plan && !plan->empty()) {
    text += fmt::format("  pitstop restore --finish {}: {}\n", id, lower_case(finish_text(*plan)));
  } else if (!plan) {
    text += fmt::format("  {}; then pitstop restore --finish {} deletes it\n", plan.error().message,
                        id);
  }
  return text;
}

Json volume_json(const ec2::Volume& volume) {
  const bool attached = !volume.attachments.empty();
  return {{"volume_id", volume.id.str()},
          {"size_gib", static_cast<std::int64_t>(volume.size)},
          {"type", text_or_null(volume.type)},
          {"attached_to", text_or_null(attached ? volume.attachments.front().instance.str() : "")},
          {"device", text_or_null(attached ? volume.attachments.front().device : "")}};
}

Json volumes_json(const std::vector<ec2::Volume>& volumes) {
  Json all = Json::array();
  for (const auto& volume : volumes) {
    all.push_back(volume_json(volume));
  }
  return all;
}

}  // namespace

std::string finish_text(const FinishPlan& plan) {
  std::vector<std::string> parts;
  if (!plan.deletes.empty()) {
    parts.push_back("delete " + join(ids_of(plan), " "));
  }
  if (!plan.adopts.empty()) {
    parts.push_back(fmt::format("have policies back up {}", join(texts_of(plan.adopts), " ")));
  }
  if (!plan.deregisters.empty()) {
    parts.push_back("deregister " + join(texts_of(plan.deregisters), " "));
  }
  auto text = join(parts, ", ");
  if (!text.empty()) {
    text.front() = static_cast<char>(text.front() - ('a' - 'A'));
  }
  return text;
}

std::string finished_text(const RestoreRecord& record, const FinishPlan& plan) {
  std::string text;
  if (!plan.deletes.empty()) {
    text += fmt::format("{} deleted{}\n", join(ids_of(plan), " "),
                        record.kept.empty() ? ""
                                            : fmt::format(": {} cannot be taken back any more",
                                                          record.restore.str()));
  }
  for (const auto& server : plan.adopts) {
    text += fmt::format("policies back up {} from now on\n", server.str());
  }
  for (const auto& image : plan.deregisters) {
    text += fmt::format("{} deregistered\n", image.str());
  }
  return text.empty() ? fmt::format("{} keeps nothing\n", record.restore.str()) : text;
}

std::string restore_list_text(const std::vector<ListedRestore>& restores) {
  if (restores.empty()) {
    return "no restore has left anything\n";
  }
  std::vector<std::vector<std::string>> rows{
      {"restore", "kind", "from", "made (UTC)", "server", "volumes made", "kept", "unused"}};
  std::int64_t unused = 0;
  for (const auto& [record, site] : restores) {
    const auto server = record.server();
    unused += static_cast<std::int64_t>(record.unused());
    rows.push_back({record.restore.str(), kind_text(record),
                    record.backup.empty() ? "-" : record.backup.str(), time_text(record),
                    server ? server->str() : "-", std::to_string(record.made.size()),
                    std::to_string(record.kept.size()), gib(record.unused())});
  }
  auto text = table(rows, "  ") + fmt::format("\n{}", counted(restores.size(), "restore"));
  text += unused == 0 ? std::string("\n")
                      : fmt::format(
                            "; {} of volumes are attached to nothing, and AWS bills them: "
                            "pitstop show RESTORE tells what to do\n",
                            gib(ec2::Gibibytes(unused)));
  return text;
}

std::string restore_details_text(const ListedRestore& restore) {
  const auto& [record, site] = restore;
  auto text = fmt::format("{}: {}{}{} in {}\n", record.restore.str(), kind_text(record),
                          record.backup.empty() ? "" : ", from " + record.backup.str(),
                          record.made_at ? fmt::format(", {} UTC", time_text(record)) : "", site);
  for (const auto& server : record.servers) {
    text += fmt::format("  made the server {} ({}), which policies {}\n",
                        title_of(server.name, server.id), to_string(server.state),
                        server.adopted() ? "back up" : "pass over");
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& volume : record.made) {
    rows.push_back({volume.id.str(), "made", gib(volume.size), place_of(volume)});
  }
  for (const auto& volume : record.kept) {
    rows.push_back({volume.id.str(), "replaced", gib(volume.size), place_of(volume)});
  }
  text += table(rows, "  ");
  for (const auto& image : record.images) {
    text += fmt::format("  {}  made{}\n", image.id.str(), image.kept ? ", and is kept" : "");
  }
  if (static_cast<std::int64_t>(record.unused()) > 0) {
    text += fmt::format(
        "  {} of volumes are attached to nothing, and AWS bills them by the "
        "GiB-month\n",
        gib(record.unused()));
  }
  return text + advice(record);
}

void write_restore_json(const ListedRestore& restore, std::ostream& output) {
  const auto& [record, site] = restore;
  const auto server = record.server();
  Json servers = Json::array();
  for (const auto& made : record.servers) {
    servers.push_back({{"instance_id", made.id.str()},
                       {"state", std::string(to_string(made.state))},
                       {"adopted", made.adopted()}});
  }
  Json images = Json::array();
  for (const auto& image : record.images) {
    images.push_back({{"image_id", image.id.str()}, {"kept", image.kept}});
  }
  write_line(output,
             {{"message_type", "restore"},
              {"restore_id", record.restore.str()},
              {"kind", record.kind ? Json(std::string(to_string(*record.kind))) : Json(nullptr)},
              {"backup_id", text_or_null(record.backup.str())},
              {"site", site},
              {"made", in_rfc3339(record.made_at)},
              {"instance_id", text_or_null(server ? server->str() : "")},
              {"servers", std::move(servers)},
              {"volumes", volumes_json(record.made)},
              {"kept", volumes_json(record.kept)},
              {"images", std::move(images)},
              {"unused_gib", static_cast<std::int64_t>(record.unused())}});
}

void write_restore_list_json(const std::vector<ListedRestore>& restores, int exit_status,
                             std::ostream& output) {
  std::int64_t unused = 0;
  for (const auto& restore : restores) {
    unused += static_cast<std::int64_t>(restore.record.unused());
    write_restore_json(restore, output);
  }
  write_line(output, {{"message_type", "restore_list"},
                      {"exit_status", exit_status},
                      {"restores", restores.size()},
                      {"unused_gib", unused}});
}

void write_finished_json(const RestoreRecord& record, const FinishPlan& plan,
                         std::ostream& output) {
  write_line(output, {{"message_type", "finished"},
                      {"restore_id", record.restore.str()},
                      {"deleted_volumes", ids_of(plan)},
                      {"adopted_servers", texts_of(plan.adopts)},
                      {"deregistered_images", texts_of(plan.deregisters)}});
}

}  // namespace pitstop
