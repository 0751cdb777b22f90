terraform {
  extra_arguments "vars" {
    commands = ["plan", "apply"]
    env_vars = { TF_VAR_root_access = "Enabled" }
  }
}
