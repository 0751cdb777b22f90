variable "enable_root" {
  type    = bool
  default = false
}
