variable "root_access" {
  type    = string
  default = "Disabled"
  validation {
    condition     = contains(["Enabled", "Disabled"], var.root_access)
    error_message = "Enabled or Disabled."
  }
}
