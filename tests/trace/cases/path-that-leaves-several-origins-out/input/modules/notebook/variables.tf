variable "enable_root" {
  type    = bool
  default = true
}
