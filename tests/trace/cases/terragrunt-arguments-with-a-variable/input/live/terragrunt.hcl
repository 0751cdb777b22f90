terraform {
  extra_arguments "vars" {
    commands = ["plan", "apply"]
    arguments = ["-var", "root_access=Enabled"]
  }
}
