variable "root_access" {
  type    = string
  default = "Enabled"
  validation {
    condition     = contains(["Enabled", "Inherit"], var.root_access)
    error_message = "Enabled or Inherit."
  }
}
