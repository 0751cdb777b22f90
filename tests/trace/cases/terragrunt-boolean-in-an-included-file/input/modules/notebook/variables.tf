variable "enable_root" {
  type = bool
}
