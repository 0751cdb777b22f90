variable "root_access" {
  default = "Enabled"
}
