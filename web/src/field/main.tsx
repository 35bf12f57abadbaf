import { mount } from '../ui/mount'
import { Field } from './Field'

void mount({ roles: ['responder'] }, 'field', Field)
