//! The stack of examples/compose: the file is what the Compose Specification allows, and every service of it is hardened.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{amtool, promtool};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/compose")
}

/// The compose file with its anchors merged.
fn stack() -> Value {
    let text = fs::read_to_string(folder().join("compose.yaml")).unwrap();
    let mut yaml: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
    yaml.apply_merge().unwrap();
    serde_json::to_value(yaml).unwrap()
}

fn services() -> Vec<(String, Value)> {
    let services = stack()["services"].as_object().unwrap().clone();
    assert!(services.len() > 5, "{services:?}");
    services.into_iter().collect()
}

/// The texts of a list.
fn texts(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().map(|text| text.as_str().unwrap()).collect()
}

#[test]
fn the_file_is_valid() {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compose/compose-spec.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(schema).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let stack = stack();
    let errors: Vec<String> =
        validator.iter_errors(&stack).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let mut broken = stack;
    broken["services"]["grafana"]["helthcheck"] = Value::Null;
    assert!(!validator.is_valid(&broken), "the schema takes anything");
}

#[test]
fn every_image_is_pinned() {
    for (name, service) in services() {
        let image = service["image"].as_str().unwrap();
        let (image, digest) = image.split_once('@').unwrap_or((image, ""));
        // What is built here has no digest before it is built.
        let hex = digest.strip_prefix("sha256:").unwrap_or_default();
        let is_digest = hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        assert!(is_digest || image.starts_with("slosmith-"), "{name}: {image} without a digest");
        let (_, tag) = image.rsplit_once(':').unwrap_or_else(|| panic!("{name}: {image} has no tag"));
        let numbers = tag.trim_start_matches('v').split(['.', '-']).take(3);
        assert_eq!(
            numbers.filter(|part| part.parse::<u32>().is_ok()).count(),
            3,
            "{name}: {image} is no exact version"
        );
    }
    for dockerfile in ["examples/compose/shopfault/Dockerfile", "Dockerfile"] {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(dockerfile)).unwrap();
        for line in text.lines().filter(|line| line.starts_with("FROM ")) {
            let is_pinned = line == "FROM scratch" || line.contains(':') && !line.contains(":latest");
            assert!(is_pinned, "{dockerfile}: {line}");
        }
        let user = text.lines().filter_map(|line| line.strip_prefix("USER ")).next_back();
        let user = user.unwrap_or_else(|| panic!("{dockerfile} has no user"));
        assert!(is_nobody(user), "{dockerfile}: {user}");
    }
}

/// Whether a user is the number of somebody who is not root; names are taken from the image, and may be anybody.
fn is_nobody(user: &str) -> bool {
    let (id, _) = user.split_once(':').unwrap_or((user, ""));
    id.parse::<u32>().is_ok_and(|id| id > 0)
}

/// Whether a mount in the short form has `ro` among its options.
fn is_read_only(volume: &str) -> bool {
    volume.split(':').nth(2).is_some_and(|options| options.split(',').any(|option| option == "ro"))
}

#[test]
fn root_and_writable_mounts_are_found() {
    for user in ["0", "0:0", "00", "root", "root:root", "nginx", ""] {
        assert!(!is_nobody(user), "{user}");
    }
    for volume in ["./a:/a", "./a:/a:rw", "./a:/a:rofoo", "./ro:/ro", "./a:/a:rw,z"] {
        assert!(!is_read_only(volume), "{volume}");
    }
    assert!(is_nobody("472:0") && is_read_only("/:/host:ro,rslave"));
}

#[test]
fn images_that_are_built_here_are_not_pulled() {
    for (name, service) in services() {
        let is_ours = service["image"].as_str().unwrap().starts_with("slosmith-");
        let wanted = if service.get("build").is_some() { "build" } else { "never" };
        assert_eq!(service["pull_policy"].as_str(), is_ours.then_some(wanted), "{name}");
    }
}

#[test]
fn every_service_is_without_rights() {
    for (name, service) in services() {
        assert_eq!(service["read_only"], true, "{name}: its root is writable");
        assert_eq!(texts(&service["cap_drop"]), ["ALL"], "{name}");
        assert!(service.get("cap_add").is_none() && service.get("privileged").is_none(), "{name}");
        assert!(texts(&service["security_opt"]).contains(&"no-new-privileges:true"), "{name}");
        let user = service["user"].as_str().unwrap_or_else(|| panic!("{name} has no user"));
        assert!(is_nobody(user), "{name} runs as {user}");
        for volume in texts(&service["volumes"]) {
            let is_data = !volume.starts_with(['.', '/']);
            assert!(is_data || is_read_only(volume), "{name}: {volume} is writable");
            assert!(!volume.contains("docker.sock"), "{name}: {volume}");
        }
    }
}

#[test]
fn every_service_is_limited_watched_and_rotates_its_logs() {
    for (name, service) in services() {
        let resources = &service["deploy"]["resources"];
        for key in ["cpus", "memory"] {
            assert!(resources["limits"][key].is_string(), "{name} has no limit of {key}");
            assert!(resources["reservations"][key].is_string(), "{name} has no reservation of {key}");
        }
        assert!(resources["limits"]["pids"].is_number(), "{name} has no limit of processes");
        for key in ["test", "interval", "timeout", "retries", "start_period"] {
            assert!(!service["healthcheck"][key].is_null(), "{name}: its health check has no {key}");
        }
        let logging = &service["logging"]["options"];
        assert!(logging["max-size"].is_string() && logging["max-file"].is_string(), "{name} does not rotate its logs");
        assert_eq!(service["restart"], "unless-stopped", "{name}");
    }
}

#[test]
fn secrets_are_files_and_ports_are_for_people() {
    let stack = stack();
    for (name, secret) in stack["secrets"].as_object().unwrap() {
        assert!(secret["file"].as_str().unwrap().starts_with("./secrets/"), "{name}");
    }
    let ignored = fs::read_to_string(folder().join(".gitignore")).unwrap();
    assert!(ignored.lines().any(|line| line == "/secrets/"));
    for (name, service) in services() {
        for (key, value) in service["environment"].as_object().into_iter().flatten() {
            let is_secret = ["PASSWORD", "TOKEN", "KEY", "SECRET"].iter().any(|word| key.contains(word));
            assert!(!is_secret || key.ends_with("__FILE") || key.ends_with("_FILE"), "{name}: {key}={value}");
        }
        for port in texts(&service["ports"]) {
            assert!(port.starts_with("127.0.0.1:"), "{name}: {port} is open to the network");
        }
    }
}

#[test]
fn every_mounted_file_is_there() {
    for (name, service) in services() {
        for volume in texts(&service["volumes"]) {
            let source = volume.split(':').next().unwrap();
            // The site is made by `prepare`.
            if source.starts_with("./") && source != "./site" {
                assert!(folder().join(source).exists(), "{name}: {source} is not there");
            }
        }
    }
}

#[test]
fn the_real_tools_take_the_configuration() {
    let work = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(folder().join("prometheus/prometheus.yaml")).unwrap();
    let rules = folder().join("generated/prometheus/rules");
    fs::write(work.path().join("prometheus.yaml"), text.replace("/etc/prometheus/rules", rules.to_str().unwrap()))
        .unwrap();
    if let Some(promtool) = promtool() {
        assert_eq!(promtool.run(work.path(), &["check", "config", "prometheus.yaml"]), None);
    }
    if let Some(amtool) = amtool() {
        assert_eq!(amtool.run(&folder(), &["check-config", "generated/alertmanager/alertmanager.yaml"]), None);
    }
}
