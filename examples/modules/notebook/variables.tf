variable "team" {
  description = "Team the notebook belongs to."
  type        = string
}

variable "role_arn" {
  description = "Execution role of the notebook."
  type        = string
}

variable "instance_type" {
  description = "Size of the notebook."
  type        = string
  default     = "ml.t3.medium"
}

variable "subnet_id" {
  description = "Private subnet the notebook lives in."
  type        = string
}

variable "security_group_ids" {
  description = "Security groups of the notebook."
  type        = list(string)
}

variable "root_access" {
  description = "Whether notebook users have root: Enabled or Disabled."
  type        = string
  default     = "Enabled"

  validation {
    condition     = contains(["Enabled", "Disabled"], var.root_access)
    error_message = "root_access is either Enabled or Disabled."
  }
}
